import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  allSeen,
  EMPTY_TREE,
  hasRoomFor,
  MOST_OF_NETWORK,
  MOST_OF_SITE,
  newlySeen,
  putSeen,
  seenInside,
  seenOf,
  type Seen,
  type SeenTree,
} from '../../../src/claims/seen/seen-tree.ts';
import { contains, netOf, type Net } from '../../../src/domain/net.ts';

const trees = suite('the tree of what was seen in a region');

const seen = (ip: Net): Seen => ({
  ip,
  trails: [{ ip, server: 'web1', jail: 'sshd', bans: [], unbans: [] }],
});

const textsOf = (all: Iterable<Seen>): readonly string[] => Array.from(all, ({ ip }) => ip.text).sort();

/** More than a leaf holds, of which many share a network. */
function manyOf(family: 'ipv4' | 'ipv6', count: number): readonly Net[] {
  const texts = Array.from({ length: count }, (_, index) => {
    const [site, net, host] = [index % 3, Math.floor(index / 3) % 5, index];
    return family === 'ipv4'
      ? `203.${site}.${net}.${host % 256}/${host % 7 === 0 ? 28 : 32}`
      : `2001:db8:${site}:${net}::${host.toString(16)}/${host % 7 === 0 ? 124 : 128}`;
  });
  return [...new Set(texts)].map(netOf);
}

for (const family of ['ipv4', 'ipv6'] as const) {
  const nets = [...new Map(manyOf(family, 4000).map((net) => [net.text, net])).values()];
  const tree = putSeen(EMPTY_TREE, nets.map(seen));

  trees(`${family}: finds each of thousands, and what lies inside a network as a look at all does`, () => {
    const around =
      family === 'ipv4'
        ? ['203.0.0.0/16', '203.1.2.0/24', '203.1.2.0/23', '203.2.4.16/28', '203.0.1.7']
        : ['2001:db8:1::/48', '2001:db8:1:2::/64', '2001:db8:1:2::/63', '2001:db8:2:4::/96', '2001:db8::7'];

    assert.is(tree.kind, 'branch');
    assert.equal(textsOf(allSeen(tree)), nets.map(({ text }) => text).sort());
    for (const ip of nets) assert.is(seenOf(tree, ip)?.ip, ip);
    assert.is(seenOf(tree, netOf(family === 'ipv4' ? '203.9.9.9' : '2001:db8:9::9')), undefined);
    for (const net of around.map(netOf)) {
      const expected = nets.filter((ip) => contains(net, ip)).map(({ text }) => text);
      assert.equal(textsOf(seenInside(tree, net)), expected.sort());
    }
  });

  trees(`${family}: is changed without a look at the rest, and tells what is new`, () => {
    const [first = netOf('203.0.113.7'), second = first, ...others] = nets;
    const changed = seen(first);

    const put = putSeen(tree, [changed, { ip: second, trails: [] }]);

    assert.equal(textsOf(newlySeen(tree, put)), [first.text]);
    assert.equal([seenOf(put, first), seenOf(put, second)], [changed, undefined]);
    assert.is(seenOf(tree, second)?.ip, second);
    assert.is(Array.from(allSeen(put)).length, others.length + 1);
    assert.is(putSeen(tree, []), tree);
    assert.equal(textsOf(newlySeen(put, put)), []);
  });

  trees(`${family}: taken apart and put together in any order, it holds the same`, () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...nets]), fc.nat(4000), (some, cut) => {
        const steps = [some.slice(0, cut), some.slice(cut)].map((each) => each.map(seen));
        const whole = steps.reduce<SeenTree>((sum, step) => putSeen(sum, step), EMPTY_TREE);
        const gone = some.slice(0, cut).map((ip) => ({ ip, trails: [] }));

        assert.equal(textsOf(allSeen(whole)), some.map(({ text }) => text).sort());
        assert.equal(textsOf(allSeen(putSeen(whole, gone))), textsOf(steps[1] ?? []));
        assert.equal(
          textsOf(newlySeen(putSeen(EMPTY_TREE, steps[0] ?? []), whole)).length >= some.length - cut,
          true,
        );
      }),
      { numRuns: 10 },
    );
  });
}

trees(
  'has room for so many addresses of one network and one site of IPv6, and goes on to have room for others',
  () => {
    const hosts = (net: number, count: number): readonly Seen[] =>
      Array.from({ length: count }, (_, host) =>
        seen(netOf(`2001:db8:0:${net.toString(16)}::${(host + 1).toString(16)}`)),
      );
    const fullNetwork = putSeen(EMPTY_TREE, hosts(0, MOST_OF_NETWORK));
    const nearlyFull = putSeen(EMPTY_TREE, hosts(0, MOST_OF_NETWORK - 1));
    const nets = MOST_OF_SITE / 1024;
    const fullSite = Array.from({ length: nets }, (_, net) => hosts(net, 1024)).reduce(
      (tree, each) => putSeen(tree, each),
      EMPTY_TREE,
    );
    const other = netOf('2001:db8:0:ffff::1');

    assert.equal(
      [hasRoomFor(nearlyFull, netOf('2001:db8::ffff')), hasRoomFor(nearlyFull, other)],
      [true, true],
    );
    assert.equal(
      [hasRoomFor(fullNetwork, netOf('2001:db8::ffff')), hasRoomFor(fullNetwork, other)],
      [false, true],
    );
    assert.equal([hasRoomFor(fullSite, other), hasRoomFor(fullSite, netOf('2001:db8:1::1'))], [false, true]);
    assert.ok(
      hasRoomFor(putSeen(fullNetwork, [{ ip: netOf('2001:db8::1'), trails: [] }]), netOf('2001:db8::ffff')),
    );
  },
);

trees.run();
