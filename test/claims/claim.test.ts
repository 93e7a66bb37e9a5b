import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { claimKey, heardOf, liftKeys } from '../../src/claims/claim.ts';
import { netOf } from '../../src/domain/net.ts';

const claims = suite('a claim');

const KEY = { ip: netOf('203.0.113.7'), server: 'web1', jail: 'sshd' };

claims('is known by its address, server and jail', () => {
  assert.is(claimKey(KEY), '203.0.113.7 web1 sshd');
});

claims('may have been lifted in its jail or in every one, of its server or of all', () => {
  assert.equal(liftKeys(KEY, 'local').map(claimKey), [
    '203.0.113.7 local *',
    '203.0.113.7 local *@web1',
    '203.0.113.7 local sshd',
    '203.0.113.7 local sshd@web1',
  ]);
});

claims('that stands still was heard again with the last snapshot', () => {
  const ban = { heard: 5, since: 5, until: 10 };

  assert.equal(
    [{}, { snapshot: 3 }, { snapshot: 7 }].map((jail) => heardOf(ban, jail)),
    [5, 5, 7],
  );
});

claims.run();
