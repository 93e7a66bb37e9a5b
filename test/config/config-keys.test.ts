import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONFIG_KEYS, FLEET_KEYS } from '../../src/config/config-keys.ts';
import { readConfig } from '../../src/config/config.ts';

const keys = suite('the keys of the config');

const KEYS = Object.entries<{ readonly default?: unknown; readonly otherwise?: string }>(CONFIG_KEYS);

keys('are those that the config has', () => {
  const read = readConfig('');

  assert.equal(
    KEYS.map(([key]) => key).toSorted(),
    (read.kind === 'config' ? Object.keys(read.config) : []).toSorted(),
  );
});

keys('have the default that counts where a key is left out, or say what it depends on', () => {
  const written = KEYS.filter(([, key]) => key.default !== undefined);

  assert.equal(
    readConfig(written.map(([key, text]) => `${key}: ${JSON.stringify(text.default)}\n`).join('')),
    readConfig(''),
  );
  for (const [key, { default: value, otherwise }] of KEYS)
    assert.ok((value === undefined) !== (otherwise === undefined), key);
});

keys('of a fleet have the default that counts where a key is left out', () => {
  const texts: Readonly<Record<string, { readonly meaning: string; readonly default?: unknown }>> =
    FLEET_KEYS;
  const written = Object.entries(texts).filter(([, text]) => text.default !== undefined);

  assert.ok(written.length > 0);
  for (const [key, text] of written)
    assert.equal(
      readConfig(`fleet: { name: fw1, ${key}: ${JSON.stringify(text.default)} }\n`),
      readConfig('fleet: { name: fw1 }\n'),
      key,
    );
});

keys.run();
