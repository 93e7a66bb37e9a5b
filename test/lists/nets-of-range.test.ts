import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { netsOfRange } from '../../src/lists/nets-of-range.ts';
import { parseRange, rangeOf, type Range } from '../../src/lists/range.ts';

const test = suite('the nets of a range');

function textsOf(text: string): readonly string[] | undefined {
  const range = parseRange(text);
  return range && netsOfRange(range).map((net) => net.text);
}

test('are as few as can be, from the first address to the last', () => {
  assert.equal(textsOf('1.2.3.0-1.2.3.130'), ['1.2.3.0/25', '1.2.3.128/31', '1.2.3.130']);
  assert.equal(textsOf('255.255.255.254-255.255.255.255'), ['255.255.255.254/31']);
  assert.equal(textsOf('0.0.0.0-255.255.255.255'), ['0.0.0.0/0']);
  assert.equal(textsOf('2001:db8::-2001:db8::2'), ['2001:db8::/127', '2001:db8::2']);
  assert.equal(textsOf('203.0.113.7'), ['203.0.113.7']);
});

test('follow on each other without a gap, each as every other part of the program has it', () => {
  const ends = <T extends number | bigint>(each: fc.Arbitrary<T>) => fc.tuple(each, each);
  const range = fc.oneof(
    ends(fc.nat(0xffff_ffff)).map(([a, b]): Range => ({
      family: 'ipv4',
      first: Math.min(a, b),
      last: Math.max(a, b),
    })),
    ends(fc.bigInt(0n, 2n ** 128n - 1n)).map(([a, b]): Range => ({
      family: 'ipv6',
      first: a < b ? a : b,
      last: a < b ? b : a,
    })),
  );
  fc.assert(
    fc.property(range, (whole) => {
      const nets = netsOfRange(whole);
      let next = BigInt(whole.first);
      for (const net of nets) {
        assert.equal(net, netOf(net.text));
        const { first, last } = rangeOf(net);
        assert.is(BigInt(first), next);
        next = BigInt(last) + 1n;
      }
      assert.is(next, BigInt(whole.last) + 1n);
    }),
    { numRuns: 50 },
  );
});

test.run();
