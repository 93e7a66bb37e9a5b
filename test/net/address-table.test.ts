import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AddressTable, readAddress } from '../../src/net/address-table.ts';
import { netOf } from '../../src/net/net.ts';

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

test('reads each IPv4 address as its bits, wherever in a text it stands', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.string(), fc.string(), (ip, before, after) => {
      const start = before.length;
      assert.is(readAddress(before + ip + after, start, start + ip.length), netOf(ip).bits);
    }),
  );
});

test('reads nothing else as an address', () => {
  const others = [
    '',
    '1.2.3',
    '1..2.3',
    '1.2.3.',
    '01.2.3.4',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.0/24',
    '::1.2.3.4',
    '1.2.3.x',
    ' 1.2.3.4',
  ];

  assert.equal(
    others.map((text) => readAddress(text, 0, text.length)),
    others.map(() => undefined),
  );
});

test.run();
