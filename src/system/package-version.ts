/** The version of the program, as package.json has it, such as `0.1.0`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOME } from './home.ts';

export function packageVersion(): string {
  const text = readFileSync(join(HOME, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
