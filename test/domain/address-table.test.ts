import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AddressTable } from '../../src/domain/address-table.ts';

const test = suite('a table of addresses');

/** Few different ones, so that they come again; close together and far apart, so that they share slots. */
const address = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.integer());

test('gives back for each address what it was last given, and nothing for the others', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(address, fc.oneof(fc.integer(), fc.constant(Infinity))), { maxLength: 60 }),
      fc.array(address),
      (entries, others) => {
        const table = new AddressTable(entries.length);
        for (const [key, value] of entries) table.set(key, value);
        const expected = new Map(entries);
        for (const key of [...expected.keys(), ...others]) assert.is(table.get(key), expected.get(key));
      },
    ),
  );
});

test.run();
