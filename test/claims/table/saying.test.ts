/** Which claims are ordinary, and what they have in common. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rowOf, sayingKey } from '../../../src/claims/table/saying.ts';
import { netOf } from '../../../src/domain/net.ts';
import { plainClaim } from './any-claim.ts';

const saying = suite('a saying');

saying('is told apart from the address and the times of an ordinary claim', () => {
  const row = rowOf(plainClaim({ details: { said: 5, ports: '22', failures: 3 } }));

  assert.equal(row, {
    address: 0xcb007107,
    ban: { heard: 5, since: 5, until: 100 },
    saying: { server: 'web1', jail: 'sshd', details: { ports: '22', failures: 3 } },
  });
});

saying('is none of a claim that has more to say than a row has room for', () => {
  const ban = { heard: 5, since: 5, until: 100 };
  const odd = [
    plainClaim({ ip: netOf('2001:db8::7') }),
    plainClaim({ ip: netOf('203.0.113.0/24') }),
    plainClaim({ bans: [] }),
    plainClaim({ bans: [ban, { ...ban, until: 200 }] }),
    plainClaim({ unbanned: 3, forget: 9 }),
    plainClaim({ forget: 9 }),
    plainClaim({ details: { said: 6 } }),
    plainClaim({ details: { said: 5, reason: 'noise' } }),
    plainClaim({ details: { said: 5, ifConfirmed: 500 } }),
  ];

  for (const claim of odd) assert.is(rowOf(claim), undefined, JSON.stringify(claim.bans));
});

saying('has a key that no other saying has', () => {
  const names = { server: 'web1', jail: 'sshd' };
  const keys = [
    names,
    { ...names, server: 'web2' },
    { ...names, jail: 'sshd-x' },
    { ...names, details: {} },
    { ...names, details: { ports: '22' } },
    { ...names, details: { protocols: '22' } },
    { ...names, details: { failures: 22 } },
  ].map(sayingKey);

  assert.is(new Set(keys).size, keys.length);
});

saying.run();
