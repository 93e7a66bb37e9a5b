import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseNet } from '../../src/domain/net.ts';
import { textOf4, textOf6 } from '../../src/lists/text-of.ts';

const textOf = suite('the text of an address');

textOf('is canonical for any number of IPv4', () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), (bits) => {
      const net = parseNet(textOf4(bits));

      assert.is(net?.text, textOf4(bits));
      assert.is(net?.bits, bits | 0);
    }),
  );
});

textOf('is canonical for any number of IPv6, however its zeros lie', () => {
  const group = fc.oneof(fc.constant(0), fc.constant(0), fc.nat({ max: 0xffff }));
  const address = fc
    .array(group, { minLength: 8, maxLength: 8 })
    .map((groups) => groups.reduce((bits, each) => (bits << 16n) | BigInt(each), 0n))
    // Those that stand for IPv4 are no IPv6.
    .filter((bits) => bits >> 32n !== 0xffffn);
  fc.assert(
    fc.property(address, (bits) => {
      const net = parseNet(textOf6(bits));

      assert.is(net?.text, textOf6(bits));
      assert.is(net?.bits, bits);
    }),
    { numRuns: 500 },
  );
});

textOf.run();
