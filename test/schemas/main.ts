/** Writes the JSON schemas of the files that people write into schemas/, or into the folder that is named. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMAS, schemaText } from './schemas.ts';

const folder = process.argv[2] ?? 'schemas';
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(SCHEMAS)) writeFileSync(join(folder, name), schemaText(schema));
