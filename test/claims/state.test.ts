import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allClaims, formerShardOf, isLift, isShardName, makeShard, shardOf } from '../../src/claims/state.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { ban, DAY, heard, millis, unban } from './said.ts';

const states = suite('the state');

states('keeps claims by region, where an earlier version kept IPv6 by its first group', () => {
  const nets = ['203.0.113.7', '0.0.0.0/1', '2001:db8::7', '::1'].map(netOf);

  assert.equal(nets.map(formerShardOf), ['ipv4/203', 'ipv4/0', 'ipv6/2001', 'ipv6/0']);
  assert.equal(nets.slice(0, 3).map(shardOf), ['ipv4/203', 'ipv4/0', 'ipv6/94']);
  assert.ok(nets.map(shardOf).every(isShardName));
  assert.not.ok(['ipv4/203.0', 'ipv4/007', 'ipv6/2001', 'ipv5/1', 'ipv4/'].some(isShardName));
});

states(
  'knows of a shard what first ends in it, and which operators lifted something, and whether one tries something',
  () => {
    const shardOfAll = (...claims: Parameters<typeof heard>): ReturnType<typeof makeShard> =>
      makeShard(heard(...claims).shards.get('ipv4/203')?.claims ?? new Map());
    const plain = shardOfAll(5, ban(0, 900), ban(0, 600, { server: 'mail' }));
    const lifted = shardOfAll(5, unban(2, { server: OPERATOR, jail: EVERY_JAIL }));
    const tried = makeShard(
      new Map(
        Array.from(plain.claims, ([key, claim]) => [key, { ...claim, details: { said: 0, ifConfirmed: 1 } }]),
      ),
    );

    assert.equal([plain.nextEnd, plain.lifters, plain.hasTrials], [millis(600), [], false]);
    assert.equal([lifted.nextEnd, lifted.lifters], [millis(2 + DAY), [OPERATOR]]);
    assert.is(tried.hasTrials, true);
  },
);

states('takes for a lift only what an operator unbanned', () => {
  const all = [
    ...allClaims(
      heard(5, unban(2), unban(2, { server: OPERATOR }), ban(0, 600, { server: OPERATOR, jail: 'web' })),
    ),
  ];

  assert.equal(
    all.filter(isLift).map(({ server, jail }) => `${server} ${jail}`),
    ['local sshd'],
  );
});

states.run();
