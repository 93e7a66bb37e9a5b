import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseNet } from '../../src/domain/net.ts';
import { parseIpv6 } from '../../src/lists/ipv6.ts';

const ipv6 = suite('an IPv6 address that is read fast');

const group = fc
  .oneof(fc.constant(0), fc.nat({ max: 0xffff }))
  .chain((value) =>
    fc.constantFrom(
      value.toString(16),
      value.toString(16).toUpperCase(),
      value.toString(16).padStart(4, '0'),
    ),
  );

/** Addresses in any spelling, and texts that nearly are some. */
const nearly = fc
  .tuple(
    fc.array(group, { maxLength: 9 }),
    fc.array(group, { maxLength: 8 }),
    fc.constantFrom(':', '::', ':::', ''),
  )
  .map(([before, after, middle]) => `${before.join(':')}${middle}${after.join(':')}`);

ipv6('is read as Node and the slower parser have it, and where it is none it is not', () => {
  fc.assert(
    fc.property(fc.oneof(nearly, fc.ipV6(), fc.string()), (text) => {
      const bits = parseIpv6(text);

      if (text.includes('.') || !isIPv6(text) || text.includes('%')) assert.is(bits, undefined);
      // What stands for IPv4 is none of the slower parser's.
      else if (parseNet(text)?.family === 'ipv6') assert.is(bits, parseNet(text)?.bits);
      else assert.is(bits && bits >> 32n, 0xffffn);
    }),
    { numRuns: 2_000 },
  );
});

for (const text of [
  '::',
  '::1',
  '1::',
  '1:2:3:4:5:6:7::',
  '::2:3:4:5:6:7:8',
  '1::3:4:5:6:7:8',
  '1:2:3:4:5:6:7:8',
])
  ipv6(`may be ${text}`, () => {
    assert.is(parseIpv6(text), parseNet(text)?.bits);
  });

for (const text of [
  ...['', ':', ':::', '1:', ':1', '1:::2', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '12345::', 'g::'],
  ...['1:2:3:4:5:6:7:8::', '::1%eth0', '::1.2.3.4', '1:2:3:4::5:6:7:8', '::1/64', ' ::1'],
])
  ipv6(`is not "${text}"`, () => {
    assert.is(parseIpv6(text), undefined);
  });

ipv6.run();
