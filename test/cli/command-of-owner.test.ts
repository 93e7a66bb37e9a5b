import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandOfOwner } from '../../src/cli/command-of-owner.ts';

const test = suite('root');

test('is told of the unit where the config is the one that the units read', () => {
  const owner = { uid: 990, gid: 990, name: 'banspool', isCaller: false };

  assert.is(
    commandOfOwner(owner, 'reconcile', '/etc/banspool/config.yaml'),
    'systemctl start banspool-reconcile.service',
  );
});

test('is told of the rights that the units give, and of that config, where it is another', () => {
  const owner = { uid: 990, gid: 991, name: 'banspool', isCaller: false };

  assert.is(
    commandOfOwner(owner, 'run', '/etc/other.yaml'),
    'setpriv --reuid banspool --regid 991 --clear-groups --inh-caps +net_admin,+net_raw --ambient-caps +net_admin,+net_raw banspool run --config /etc/other.yaml',
  );
});

test.run();
