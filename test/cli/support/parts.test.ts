import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../../src/config/config.ts';
import { partsOf } from '../../../src/cli/support/parts.ts';

const test = suite('the parts of a support archive');

test('read what belongs to the owner of the state as that user, and a fleet where there is one', () => {
  const read = readConfig('state: /srv/state\nfleet: { name: fw1, folder: /srv/fleet }');
  const plain = readConfig('');
  if (read.kind !== 'config' || plain.kind !== 'config') throw new Error('no config');

  const parts = partsOf({ config: read.config, configPath: '/c.yaml', banspool: ['node', 'banspool.js'] });

  const inState = parts.filter(({ argv }) => argv.some((word) => /^\/srv\/(?:state|fleet)/.test(word)));
  assert.equal(
    inState.map(({ file }) => file),
    ['policy.yaml', 'policy.trial.yaml', 'folders.txt', 'folders.txt'],
  );
  assert.ok(inState.every(({ asOwner }) => asOwner === true));
  assert.ok(
    parts.some(({ file, argv }) => file === 'peers.json' && argv.join(' ').endsWith('--config /c.yaml')),
  );
  assert.not.ok(
    partsOf({ config: plain.config, configPath: '/c.yaml', banspool: [] }).some(
      ({ file }) => file === 'peers.json',
    ),
  );
});

test.run();
