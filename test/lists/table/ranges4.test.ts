import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netsOfRange } from '../../../src/domain/range.ts';
import { Ranges4 } from '../../../src/lists/table/ranges4.ts';
import { textAt } from '../../../src/lists/table/section.ts';

const ranges = suite('ranges of IPv4');

function netsOf(added: readonly (readonly [first: number, last: number])[]): readonly string[] {
  const all = new Ranges4();
  for (const [first, last] of added) all.add({ family: 'ipv4', first, last });
  return all
    .octets()
    .map((octet) => all.takeSection(octet))
    .flatMap((section) => Array.from({ length: section.size }, (_, place) => textAt(section, place)));
}

ranges('become the fewest nets of what they hold together, whatever their order', () => {
  const nets = netsOf([
    [0xcb007108, 0xcb007110],
    [0xcb007107, 0xcb007107],
    [0xcb007105, 0xcb007109],
    [0xcb007100, 0xcb007101],
  ]);

  assert.equal(nets, ['203.0.113.0/31', '203.0.113.5', '203.0.113.6/31', '203.0.113.8/29', '203.0.113.16']);
});

ranges('become nets of /8 where they are wider', () => {
  assert.equal(netsOf([[0x05ffffff, 0x08000000]]), ['5.255.255.255', '6.0.0.0/8', '7.0.0.0/8', '8.0.0.0']);
  assert.is(netsOf([[0, 0xffffffff]]).length, 256);
});

ranges('become what a set of addresses becomes', () => {
  const range = fc
    .tuple(fc.nat({ max: 63 }), fc.nat({ max: 63 }))
    .map(([one, other]) => [0xcb007100 + Math.min(one, other), 0xcb007100 + Math.max(one, other)] as const);
  fc.assert(
    fc.property(fc.array(range, { maxLength: 6 }), (added) => {
      const held = (low: number): boolean =>
        added.some(([first, last]) => 0xcb007100 + low >= first && 0xcb007100 + low <= last);
      const runs: string[] = [];
      for (let low = 0; low < 64; low += 1) {
        if (!held(low)) continue;
        let end = low;
        while (end < 63 && held(end + 1)) end += 1;
        runs.push(`203.0.113.${low}-203.0.113.${end}`);
        low = end;
      }

      assert.equal(
        netsOf(added),
        runs.flatMap((run) => netsOfRange(run).map(({ text }) => text)),
      );
    }),
    { numRuns: 300 },
  );
});

ranges.run();
