/**
 * Reads a file of claims straight into a table, line by line and without making a claim of most of them: a start reads
 * a hundred thousand. Whatever is not as we write it, such as a line of a person's, or one out of order, is for the
 * codec, which reads whatever is good and says what is not.
 */
import { claimKey, type Claim } from '../../claims/claim.ts';
import { ClaimTable } from '../../claims/table/claim-table.ts';
import { ColumnsBuilder } from '../../claims/table/columns-builder.ts';
import { rowOf } from '../../claims/table/saying.ts';
import { decodeOwnLine } from './codec.ts';
import { OwnLineReader } from './own-line.ts';

/** The table of a file; undefined where the codec has to read it. `isHere` tells whether a claim belongs there. */
export function readTable(bytes: Buffer, isHere: (claim: Claim) => boolean): ClaimTable | undefined {
  const reader = new OwnLineReader();
  const rows = new ColumnsBuilder(Math.ceil(bytes.length / SHORTEST_LINE));
  const others = new Map<string, Claim>();
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    const address = reader.readRow(bytes, start, end);
    if (address !== undefined) {
      if (!rows.add(address >>> 0, reader, reader.saying)) return undefined;
    } else {
      const claim = reader.readAt(bytes, start, end) ?? decodeOwnLine(bytes.toString('utf8', start, end));
      if (claim === undefined || !isHere(claim)) return undefined;
      const row = rowOf(claim);
      const isTaken =
        row === undefined ? !others.has(claimKey(claim)) : rows.add(row.address, row.ban, row.saying);
      if (!isTaken) return undefined;
      if (row === undefined) others.set(claimKey(claim), claim);
    }
    start = end + 1;
  }
  const table = ClaimTable.from(rows.columns(), others);
  return isWhole(table, isHere) ? table : undefined;
}

/** `- { "ip": "1.1.1.1", "server": "a", "jail": "b", "since": "2026-11-22T13:30:00.000Z", "until": null }` */
const SHORTEST_LINE = 90;

const LINE_FEED = 10;

/** True where each row belongs there, and none is of a claim that stands there otherwise too. */
function isWhole(table: ClaimTable, isHere: (claim: Claim) => boolean): boolean {
  const { columns, others } = table;
  if (table.size === 0) return false;
  for (const key of others.keys()) if (table.hasRow(key)) return false;
  // They are in order, and a file is of a range of addresses.
  const ends =
    columns.addresses.length === 0 ? [] : [table.claimAt(0), table.claimAt(columns.addresses.length - 1)];
  return ends.every((end) => columns.sayings.every(({ server }) => isHere({ ...end, server })));
}
