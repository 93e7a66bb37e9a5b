import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Family } from '../../../src/domain/net.ts';
import { diffParts } from '../../../src/lists/table/diff-parts.ts';
import type { NetPart } from '../../../src/lists/table/net-part.ts';
import { narrowNet } from '../narrow-net.ts';
import { tableOf } from '../table-of.ts';

const differing = suite('the difference of two parts of lists');

const world = fc.constantFrom<Family>('ipv4', 'ipv6').chain((family) => {
  const nets = fc.array(narrowNet(family), { maxLength: 20 });
  return fc.record({ family: fc.constant(family), before: nets, after: nets, both: nets });
});

differing('is what a look at each of their nets finds', () => {
  fc.assert(
    fc.property(world, ({ family, before, after, both }) => {
      const [old, young] = [tableOf([...before, ...both]), tableOf([...after, ...both])];
      for (const [region, part] of old.parts(family)) {
        const other = young.parts(family).get(region);
        if (other === undefined) continue;

        const found = differenceOf(part, other);

        assert.equal(
          found.added,
          Array.from(other.keys()).filter((text) => !part.has(text)),
        );
        assert.equal(
          found.removed,
          Array.from(part.keys()).filter((text) => !other.has(text)),
        );
      }
    }),
  );
});

function differenceOf(before: NetPart, after: NetPart): { added: string[]; removed: string[] } {
  const [added, removed]: [string[], string[]] = [[], []];
  diffParts(before, after, {
    added: (text) => added.push(text),
    removed: (text) => removed.push(text),
  });
  return { added, removed };
}

differing.run();
