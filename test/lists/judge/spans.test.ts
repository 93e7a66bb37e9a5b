import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { Spans } from '../../../src/lists/judge/spans.ts';
import { rangeOf, type Range } from '../../../src/lists/range.ts';

const spans = suite('spans');

/** The 16 addresses of 203.0.113.0/28, or as many of IPv6. */
const FIRST = { ipv4: 0xcb007100, ipv6: netOf('2001:db8::').bits as bigint };

const rangeIn = (family: 'ipv4' | 'ipv6', first: number, last: number): Range =>
  family === 'ipv4'
    ? { family, first: FIRST.ipv4 + first, last: FIRST.ipv4 + last }
    : { family, first: FIRST.ipv6 + BigInt(first), last: FIRST.ipv6 + BigInt(last) };

const addressesOf = (range: Range): readonly number[] => {
  const offset = (end: number | bigint): number => Number(BigInt(end) - BigInt(FIRST[range.family]));
  return Array.from({ length: 16 }, (_, at) => at).filter(
    (at) => at >= offset(range.first) && at <= offset(range.last),
  );
};

for (const family of ['ipv4', 'ipv6'] as const)
  spans(`of ${family} tell as sets of addresses do what of a range is theirs`, () => {
    const [base, full] = family === 'ipv4' ? ['203.0.113.', 32] : ['2001:db8::', 128];
    const net = fc
      .tuple(fc.nat({ max: 15 }), fc.nat({ max: 3 }))
      .map(([low, bits]) => netOf(`${base}${family === 'ipv4' ? low : low.toString(16)}/${full - bits}`));
    const ends = fc.tuple(fc.nat({ max: 15 }), fc.nat({ max: 15 }));
    fc.assert(
      fc.property(fc.array(net, { maxLength: 5 }), ends, (nets, [one, other]) => {
        const range = rangeIn(family, Math.min(one, other), Math.max(one, other));
        const held = new Set(nets.flatMap((each) => addressesOf(rangeOf(each))));

        const seen = new Spans(nets);

        const left = addressesOf(range).filter((at) => !held.has(at));
        assert.is(seen.hold(range), left.length === 0);
        const rest = seen.rest(range);
        assert.equal((rest ?? [range]).flatMap(addressesOf), left);
        assert.is(rest === undefined, left.length === addressesOf(range).length);
      }),
      { numRuns: 300 },
    );
  });

spans.run();
