/** Nets for properties: none is wider than a table's, of which a wide one would hold thousands. */
import type fc from 'fast-check';
import type { Family, Net } from '../../src/domain/net.ts';
import { WIDEST } from '../../src/lists/table/net-table.ts';
import { netIn } from '../support/arbitraries.ts';

export function narrowNet(family: Family): fc.Arbitrary<Net> {
  return netIn(family).filter(({ prefix }) => prefix >= WIDEST[family]);
}
