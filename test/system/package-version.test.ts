import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageVersion } from '../../src/system/package-version.ts';

const test = suite('the version of the package');

test('is what its package.json says', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');

  assert.is(packageVersion(), (JSON.parse(text) as { version: string }).version);
});

test.run();
