/** Tables for tests. */
import type { Net } from '../../src/domain/net.ts';
import { rangeOf } from '../../src/lists/range.ts';
import type { NetTable } from '../../src/lists/table/net-table.ts';
import { TableBuilder } from '../../src/lists/table/table-builder.ts';

/** The table of these nets; it shares parts with the one before. */
export function tableOf(nets: readonly Net[], before?: NetTable): NetTable {
  const builder = new TableBuilder();
  for (const net of nets) builder.add(rangeOf(net));
  return builder.build(before);
}
