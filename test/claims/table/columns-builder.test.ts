/** Columns of rows in order are those that sorting them gives, and rows out of order are not taken. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ColumnsBuilder } from '../../../src/claims/table/columns-builder.ts';
import { changeColumns, NO_COLUMNS, type Columns } from '../../../src/claims/table/columns.ts';
import type { Row } from '../../../src/claims/table/saying.ts';

const builder = suite('columns of rows in order');

const anyRow: fc.Arbitrary<Row> = fc
  .record({
    address: fc.constantFrom(0, 7, 0xcb007107),
    heard: fc.constantFrom(5, 6),
    until: fc.constantFrom(9, Infinity),
    server: fc.constantFrom('web1', 'web10', 'web1-x'),
    jail: fc.constantFrom('sshd', 'ssh'),
    failures: fc.option(fc.constantFrom(3, 10), { nil: undefined }),
  })
  .map(({ address, heard, until, server, jail, failures }) => ({
    address,
    ban: { heard, since: 5, until },
    saying: { server, jail, ...(failures !== undefined && { details: { failures } }) },
  }));

function rowsOf({ addresses, said, sayings, since, until, heard }: Columns): readonly Row[] {
  return Array.from(addresses, (address, row) => ({
    address,
    ban: { heard: heard[row] ?? 0, since: since[row] ?? 0, until: until[row] ?? 0 },
    saying: sayings[said[row] ?? 0] ?? { server: '', jail: '' },
  }));
}

const ofClaim = ({ address, saying }: Row): string => `${address} ${saying.server} ${saying.jail}`;

builder('are what sorting gives', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyRow, { selector: ofClaim }), (rows) => {
      const sorted = changeColumns(NO_COLUMNS, { dropped: new Set(), added: rows });
      const built = new ColumnsBuilder(rows.length);

      const taken = rowsOf(sorted).map(({ address, ban, saying }) => built.add(address, ban, { ...saying }));

      assert.ok(taken.every(Boolean));
      const made = built.columns();
      assert.equal(made, sorted);
      assert.is(made.heard === made.since, sorted.heard === sorted.since);
    }),
  );
});

builder('are without a row that is out of order, of the claim before, or more than there is room for', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 4 }), (rows) => {
      const built = new ColumnsBuilder(3);

      const taken = rows.filter(({ address, ban, saying }) => built.add(address, ban, saying));

      assert.equal(rowsOf(built.columns()), taken);
      assert.ok(taken.length <= 3);
      assert.is(new Set(taken.map(ofClaim)).size, taken.length);
      assert.equal(built.columns(), changeColumns(NO_COLUMNS, { dropped: new Set(), added: taken }));
    }),
  );
});

builder.run();
