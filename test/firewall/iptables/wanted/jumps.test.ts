import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trafficOf } from '../../../../src/desired/traffic.ts';
import { formatPorts } from '../../../../src/domain/ports.ts';
import { jumpsTo } from '../../../../src/firewall/iptables/wanted/jumps.ts';
import { portSet, protocolsText } from '../../../support/arbitraries.ts';
import { textsOf } from '../../../support/rules.ts';

const traffic = suite('jumps of traffic');

const CHAIN = 'fail2ban-sshd';
const ALL_OF_TCP = [`-p tcp -j ${CHAIN}`];

const jumpsOf = (scopes: readonly string[], family: 'ipv4' | 'ipv6' = 'ipv4'): readonly string[] =>
  textsOf(jumpsTo(CHAIN, trafficOf(new Set(scopes)), family));

/** `count` ports from `first` on, none beside another. */
const scattered = (first: number, count: number): string =>
  Array.from({ length: count }, (_, index) => first + 2 * index).join(',');

/** As claims have them, with some that alone, or only together, are too many for jumps, and some that swallow those. */
const scope = fc
  .tuple(
    fc.oneof(protocolsText, fc.constant('tcp')),
    fc.oneof(
      portSet.map(formatPorts),
      fc
        .tuple(fc.nat(3_000), fc.integer({ min: 1, max: 200 }))
        .map(([first, count]) => scattered(first, count)),
      fc.constantFrom('0:3000', '1:40000', '30000:65535', '3000:3400', 'all'),
    ),
  )
  .map(([protocols, ports]) => `${protocols} ${ports}`);

traffic('what is let into a chain depends on which scopes there are, and not on their order', () => {
  const shuffled = fc
    .array(scope, { minLength: 1, maxLength: 8 })
    .chain((scopes) =>
      fc.tuple(fc.constant(scopes), fc.shuffledSubarray(scopes, { minLength: scopes.length })),
    );

  fc.assert(
    fc.property(shuffled, fc.constantFrom('ipv4', 'ipv6'), ([scopes, others], family) => {
      const jumps = jumpsOf(scopes, family);

      assert.equal(jumpsOf(others, family), jumps);
      assert.equal(jumpsOf([...others, ...scopes], family), jumps);
    }),
    { numRuns: 500 },
  );
});

traffic('no port that a scope names is left out', () => {
  const lets = (jump: string, port: number): boolean => {
    const [, protocol, ports] = /^(?:-p (\S+) )?(?:-m multiport --dports (\S+) )?-j /.exec(jump) ?? [];
    if (protocol !== undefined && protocol !== 'tcp') return false;
    return ports === undefined || ports.split(',').some((range) => isIn(port, range));
  };
  const isIn = (port: number, range: string): boolean => {
    const [first = '', last = first] = range.split(':');
    return range === 'all' || (Number(first) <= port && port <= Number(last));
  };

  fc.assert(
    fc.property(fc.array(scope, { minLength: 1, maxLength: 6 }), (scopes) => {
      const jumps = jumpsOf(scopes);

      assert.ok(jumps.length <= 8 * 4 + 1);
      for (const each of scopes) {
        const [protocols = '', ports = ''] = each.split(' ');
        if (!/tcp|all/.test(protocols)) continue;
        for (const range of ports.split(',')) {
          const port = Number(range === 'all' ? 7 : range.split(':').at(-1));
          assert.ok(
            jumps.some((jump) => lets(jump, port)),
            `${port} of ${each}: ${jumps.join('; ')}`,
          );
        }
      }
    }),
    { numRuns: 300 },
  );
});

traffic('too many ports are few again when a range holds them', () => {
  const many = Array.from({ length: 10 }, (_, index) => `tcp ${scattered(1000 + 40 * index, 20)}`);

  assert.equal(jumpsOf(many), ALL_OF_TCP);
  assert.equal(jumpsOf([...many, 'tcp 1:2000']), [`-p tcp -m multiport --dports 1:2000 -j ${CHAIN}`]);
});

traffic('more scopes than servers could have are about all ports of their protocols', () => {
  const many = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `tcp,udp 22,${1000 + index}:1600`);

  assert.equal(jumpsOf([...many(498), 'sctp 22', 'icmp all']), [
    `-p tcp -m multiport --dports 22,1000:1600 -j ${CHAIN}`,
    `-p udp -m multiport --dports 22,1000:1600 -j ${CHAIN}`,
    `-p sctp -m multiport --dports 22 -j ${CHAIN}`,
    `-p icmp -j ${CHAIN}`,
  ]);
  assert.equal(jumpsOf([...many(499), 'sctp 22', 'icmp all']), [
    ...ALL_OF_TCP,
    `-p udp -j ${CHAIN}`,
    `-p sctp -j ${CHAIN}`,
    `-p icmp -j ${CHAIN}`,
  ]);
});

traffic('bans that each name other ports do not make the next one dear, however many they are', () => {
  for (const count of [500, 10_000]) {
    const scopes = Array.from(
      { length: count },
      (_, index) => `tcp,udp ${scattered(((index * 100) % 60_000) + (index >> 9), 330)}`,
    );
    const startedAt = process.cpuUsage();

    const jumps = jumpsOf(scopes);

    const { user } = process.cpuUsage(startedAt);
    assert.equal(jumps, [...ALL_OF_TCP, `-p udp -j ${CHAIN}`]);
    assert.ok(user < 1_500_000, `${user} µs for ${count}`);
  }
});

traffic.run();
