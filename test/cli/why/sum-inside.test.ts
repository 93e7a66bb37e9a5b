import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sumInside } from '../../../src/cli/why/sum-inside.ts';
import type { WhyClaim } from '../../../src/cli/why/why-answer.ts';
import { netOf } from '../../../src/domain/net.ts';

const test = suite('what is inside a network');

function claimOf(ip: string, server: string, more: { jail?: string; since?: number } = {}): WhyClaim {
  const { jail = 'sshd', since = 0 } = more;
  const times = { since, until: Infinity };
  const claim = { ip: netOf(ip), server, jail, ...times, ports: 'all', protocols: 'all', details: undefined };
  return { claim, ignored: undefined, counted: [] };
}

test('is counted by addresses, bans, claims, servers and jails', () => {
  const ignored = { code: 'too-long', server: 'web1' } as const;
  const found = sumInside(
    [
      claimOf('203.0.113.7', 'web1'),
      claimOf('203.0.113.7', 'web2'),
      claimOf('203.0.113.7', 'web2', { jail: 'web' }),
      claimOf('203.0.113.64/26', 'web2'),
      { ...claimOf('203.0.113.8', 'web1'), ignored },
      // Neither itself, nor what is around it or beside it.
      ...['203.0.113.0/24', '203.0.0.0/16', '203.0.114.7', '2001:db8::7'].map((ip) => claimOf(ip, 'web1')),
    ],
    netOf('203.0.113.0/24'),
  );

  const { newest, ...counts } = found;
  assert.equal(counts, {
    ...{ addresses: 2, bans: 3, claims: 4, ignored: 1 },
    servers: [
      { name: 'web2', claims: 3 },
      { name: 'web1', claims: 1 },
    ],
    jails: [
      { name: 'sshd', claims: 3 },
      { name: 'web', claims: 1 },
    ],
  });
  assert.is(newest.length, 4);
});

test('is told one by one of the ten that began last', () => {
  const claims = Array.from({ length: 30 }, (_, host) =>
    claimOf(`203.0.113.${host}`, 'web1', { since: (host * 7) % 30 }),
  );

  const { newest } = sumInside(claims, netOf('203.0.113.0/24'));

  assert.equal(
    newest.map(({ claim }) => claim.since),
    [29, 28, 27, 26, 25, 24, 23, 22, 21, 20],
  );
});

test.run();
