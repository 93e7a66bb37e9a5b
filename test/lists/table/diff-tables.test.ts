import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { countChanges, diffTables } from '../../../src/lists/table/diff-tables.ts';
import type { NetTable } from '../../../src/lists/table/net-table.ts';
import { tableOf } from '../table-of.ts';

const diff = suite('the difference of two tables');

const textsOf = (table: NetTable): readonly string[] => Array.from(table.nets(), ({ text }) => text);

diff('is what only one of them has, whether they share parts or not', () => {
  const small = fc
    .tuple(
      fc.constantFrom('203.0.113.', '198.51.100.', '2001:db8::', '2001:db9::'),
      fc.nat({ max: 9 }),
      fc.nat({ max: 2 }),
    )
    .map(([base, low, wider]) => netOf(`${base}${low}/${(base.includes(':') ? 128 : 32) - wider}`));
  const nets = fc.array(small, { maxLength: 12 });
  fc.assert(
    fc.property(nets, nets, fc.boolean(), (some, others, isSharing) => {
      const before = tableOf(some);
      const after = tableOf(others, isSharing ? before : undefined);
      const [old, now] = [textsOf(before), textsOf(after)];

      const changes = Array.from(diffTables(before, after), ({ kind, net }) => `${kind} ${net.text}`);

      const removed = old.filter((text) => !now.includes(text)).map((text) => `removed ${text}`);
      const added = now.filter((text) => !old.includes(text)).map((text) => `added ${text}`);
      assert.equal([...changes].sort(), [...removed, ...added].sort());
      assert.equal(countChanges(before, after), { added: added.length, removed: removed.length });
    }),
    { numRuns: 300 },
  );
});

diff.run();
