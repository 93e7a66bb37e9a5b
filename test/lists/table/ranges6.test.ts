import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareNets, netOf, regionOf } from '../../../src/domain/net.ts';
import { netsOfRange } from '../../../src/domain/range.ts';
import { Ranges6 } from '../../../src/lists/table/ranges6.ts';
import { netAt, type Section6 } from '../../../src/lists/table/section.ts';

const ranges = suite('ranges of IPv6');

const BASE = netOf('2001:db8::').bits as bigint;

function sectionsOf(
  added: readonly (readonly [first: bigint, last: bigint])[],
): ReadonlyMap<string, Section6> {
  const all = new Ranges6();
  for (const [first, last] of added) all.add({ family: 'ipv6', first, last });
  const slices = all.takeSections();
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
  }
}

function netsOf(added: readonly (readonly [first: bigint, last: bigint])[]): readonly string[] {
  return Array.from(sectionsOf(added).values())
    .flatMap((section) => Array.from({ length: section.size }, (_, place) => netAt(section, place)))
    .sort(compareNets)
    .map(({ text }) => text);
}

ranges('become the fewest nets of what they hold together, whatever their order', () => {
  const nets = netsOf([
    [BASE + 8n, BASE + 16n],
    [BASE + 7n, BASE + 7n],
    [BASE, BASE + 1n],
    [BASE + 5n, BASE + 9n],
  ]);

  assert.equal(nets, ['2001:db8::/127', '2001:db8::5', '2001:db8::6/127', '2001:db8::8/125', '2001:db8::10']);
});

ranges('become nets of /16 where they are wider', () => {
  const [from, to] = ['2001::', '2004::'].map((text) => netOf(text).bits as bigint);

  assert.equal(netsOf([[from ?? 0n, to ?? 0n]]), ['2001::/16', '2002::/16', '2003::/16', '2004::']);
});

ranges('lie in the region of their text, in order', () => {
  const address = fc.bigInt({ min: 1n << 64n, max: (1n << 128n) - 1n });
  fc.assert(
    fc.property(fc.array(address, { maxLength: 20 }), (added) => {
      for (const [region, section] of sectionsOf(added.map((each) => [each, each]))) {
        const nets = Array.from({ length: section.size }, (_, place) => netAt(section, place));
        for (const net of nets) assert.is(regionOf('ipv6', net.text), region);
        assert.equal(nets, [...nets].sort(compareNets));
      }
    }),
  );
});

ranges('become what a set of addresses becomes', () => {
  const range = fc
    .tuple(fc.nat({ max: 63 }), fc.nat({ max: 63 }))
    .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);
  fc.assert(
    fc.property(fc.array(range, { maxLength: 6 }), (added) => {
      const held = (low: number): boolean => added.some(([first, last]) => low >= first && low <= last);
      const runs: string[] = [];
      for (let low = 0; low < 64; low += 1) {
        if (!held(low)) continue;
        let end = low;
        while (end < 63 && held(end + 1)) end += 1;
        runs.push(`2001:db8::${low.toString(16)}-2001:db8::${end.toString(16)}`);
        low = end;
      }

      assert.equal(
        netsOf(added.map(([first, last]) => [BASE + BigInt(first), BASE + BigInt(last)])),
        runs.flatMap((run) => netsOfRange(run).map(({ text }) => text)),
      );
    }),
    { numRuns: 200 },
  );
});

ranges.run();
