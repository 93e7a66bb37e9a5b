import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { aggregateOf, droppedFor } from '../../src/policy/dropped-claim.ts';

const dropped = suite('what is dropped for a claim');

dropped('is a network around an IPv6 address where the policy names one, and else what is claimed', () => {
  const found = (
    [
      ['2001:db8::7', 64],
      ['2001:db8:0:1:8000::/66', 64],
      ['2001:db8::/64', 64],
      ['2001:db8::/48', 64],
      ['203.0.113.7', 64],
      ['2001:db8::7', undefined],
    ] as const
  ).map(([ip, prefix]) => aggregateOf(netOf(ip), prefix)?.text);

  assert.equal(found, [
    ...['2001:db8::/64', '2001:db8:0:1::/64'],
    ...[undefined, undefined, undefined, undefined],
  ]);
  const [ip, net] = [netOf('2001:db8::7'), netOf('2001:db8::/64')];
  assert.equal([droppedFor({ ip }), droppedFor({ ip, dropped: net })], [ip, net]);
});

dropped.run();
