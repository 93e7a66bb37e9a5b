import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf, parseNet } from '../../src/domain/net.ts';
import { parseRange, rangeOf, rangeText } from '../../src/lists/range.ts';
import { anyNet, ipv4Text, ipv6Text } from '../support/arbitraries.ts';

const range = suite('a range of a list');

for (const [text, written] of [
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7/32', '203.0.113.7'],
  ['203.0.113.9/24', '203.0.113.0/24'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['203.0.113.7-203.0.113.9', '203.0.113.7-203.0.113.9'],
  ['203.0.113.0 - 203.0.113.255', '203.0.113.0/24'],
  ['203.0.113.7-203.0.113.7', '203.0.113.7'],
  ['2001:DB8:0::7', '2001:db8::7'],
  ['2001:db8::/32', '2001:db8::/32'],
  ['2001:db8::1-2001:db8::3', '2001:db8::1-2001:db8::3'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['::ffff:cb00:7107/120', '203.0.113.0/24'],
] as const)
  range(`"${text}" is ${written}`, () => {
    const read = parseRange(text);

    assert.is(read && rangeText(read), written);
  });

for (const text of [
  ...['', '-', '203.0.113.7-', '-203.0.113.7', '203.0.113.9-203.0.113.7', '203.0.113.0/24-203.0.114.0/24'],
  ...['203.0.113.7-2001:db8::1', '203.0.113.7/33', '203.0.113.7/024', '203.0.113.7/', '203.0.113.7/+8'],
  ...[
    '203.0.113.7/ 8',
    '203.0.113.007',
    '203.0.113',
    '2001:db8::/129',
    '203.0.113.7-203.0.113.9-203.0.113.11',
  ],
  ...['2001:db8::3-2001:db8::1', 'example.org', '203.0.113.7/1e1'],
])
  range(`"${text}" is none`, () => {
    assert.is(parseRange(text), undefined);
  });

range('any net is the range of its addresses, and is read from its own text', () => {
  fc.assert(
    fc.property(anyNet, (net) => {
      const read = parseRange(net.text);

      assert.equal(read, rangeOf(net));
      assert.is(read && netOf(rangeText(read)).text, net.text);
    }),
  );
});

range('a text is one where parseNet has it so', () => {
  const almost = fc.stringMatching(/^[0-9a-f:.]{1,20}(\/[0-9]{1,3})?$/);
  fc.assert(
    fc.property(fc.oneof(ipv4Text, ipv6Text, almost), (text) => {
      const net = parseNet(text);

      assert.equal(parseRange(text), net && rangeOf(net));
    }),
    { numRuns: 1_000 },
  );
});

range('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseRange(text);
    }),
  );
});

range.run();
