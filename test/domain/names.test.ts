import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CLAIMANT_NAME,
  claimantBehind,
  compareTexts,
  isLiftOfServer,
  JAIL_NAME,
  liftName,
  liftNames,
  claimantWords,
  liftWords,
  peerOf,
  SERVER_NAME,
} from '../../src/domain/names.ts';

const names = suite('names');

names('of a jail fit the name of a chain, those of a server a folder and nothing else', () => {
  const [long, longest] = ['x'.repeat(65), 'x'.repeat(64)];

  assert.equal(
    ['sshd', 'Recidive_1.2-x', longest].map((name) => JAIL_NAME.test(name)),
    [true, true, true],
  );
  assert.equal(
    ['', '-j', '.x', 'a b', 'a@b', 'a\n', long].filter((name) => JAIL_NAME.test(name)),
    [],
  );
  assert.equal(
    ['web1', 'a.example-1.net'].map((name) => SERVER_NAME.test(name)),
    [true, true],
  );
  assert.equal(
    ['', '.ssh', '-x', 'Web1', 'a/b', 'a_b', longest].filter((name) => SERVER_NAME.test(name)),
    [],
  );
});

names('of lifts say a jail or every one, of one server or of all, and what they say in words', () => {
  const all = liftNames({ server: 'web1', jail: 'sshd' });

  assert.equal(all, ['*', '*@web1', 'sshd', 'sshd@web1']);
  assert.equal(all.map(isLiftOfServer), [false, true, false, true]);
  assert.equal(all.map(liftWords), ['every jail', 'every jail of web1', 'sshd', 'sshd of web1']);
  assert.equal([liftName('sshd'), liftName('sshd', 'web1')], ['sshd', 'sshd@web1']);
  assert.not.ok(['@web1', 'sshd@', 'sshd@Web1', 'a b@web1'].some(isLiftOfServer));
});

names('of claimants are those of servers, here or behind a firewall, which lifts may be about too', () => {
  const claimants = ['web1', 'fw2/web1', 'fw2/local'];

  assert.ok(claimants.every((name) => CLAIMANT_NAME.test(name)));
  assert.equal(claimants.map(peerOf), [undefined, 'fw2', 'fw2']);
  assert.is(claimantBehind('fw2', 'web1'), 'fw2/web1');
  assert.equal(
    ['', '/web1', 'fw2/', 'fw1/fw2/web1', 'Fw2/web1', 'fw2/web1\n', 'fw2//web1', '../web1'].filter((name) =>
      CLAIMANT_NAME.test(name),
    ),
    [],
  );
  assert.ok(['sshd@fw2/web1', '*@fw2/local'].every(isLiftOfServer));
  assert.not.ok(['sshd@/web1', 'sshd@fw2/', 'sshd@a/b/c', 'sshd@fw2/web1\n'].some(isLiftOfServer));
});

names('are said with what the operator of a peer is', () => {
  assert.equal(['web1', 'local', 'fw2/web1', 'fw2/local'].map(claimantWords), [
    ...['web1', 'local', 'fw2/web1'],
    'fw2/local, the operator of fw2,',
  ]);
});

names('are in the order of their units, whatever the locale', () => {
  assert.equal(['web10', 'é', 'b', 'web1', 'B'].sort(compareTexts), ['B', 'b', 'web1', 'web10', 'é']);
  assert.is(compareTexts('a', 'a'), 0);
});

names.run();
