import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../src/config/config.ts';

const test = suite('the config that the package brings');

const TEXT = readFileSync(join(import.meta.dirname, '../../../.ci/stage/config.yaml'), 'utf8');

/** Keys that are commented out have no blank after the #. */
const uncommented = TEXT.replace(/^#(?=[a-z])/gim, '');

test('changes nothing as it is', () => {
  assert.equal(readConfig(TEXT), readConfig(''));
});

test('tells every key with its default, and of fleet and notify, which have none, how they begin', () => {
  const read = readConfig(uncommented);

  const config =
    read.kind === 'config' ? { ...read.config, fleet: undefined, notify: undefined } : read.mistakes;
  assert.equal({ kind: 'config', config }, readConfig(''));
  assert.is(read.kind === 'config' ? read.config.fleet?.name : undefined, 'fw1');
  assert.is(read.kind === 'config' ? read.config.notify?.channels[0]?.name : undefined, 'mail');
  const keys = read.kind === 'config' ? Object.keys(read.config) : [];
  assert.ok(keys.length > 8);
  for (const key of keys) assert.match(TEXT, new RegExp(`^#${key}: `, 'm'));
});

test.run();
