import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netsOfRange } from '../../../src/domain/range.ts';
import { parseRange, rangeText, type Range } from '../../../src/lists/range.ts';
import { countNets, hostBits6, netSize4 } from '../../../src/lists/table/next-net.ts';

const nextNet = suite('the nets of a range');

function countOf(text: string): number | undefined {
  const range = parseRange(text);
  return range && countNets(range);
}

nextNet('are counted, and are 46 of IPv4 and 222 of IPv6 at the most', () => {
  assert.is(countOf('203.0.113.7'), 1);
  assert.is(countOf('203.0.113.0/24'), 1);
  assert.is(countOf('203.0.113.7-203.0.113.9'), 2);
  assert.is(countOf('5.0.0.1-5.255.255.254'), 46);
  assert.is(countOf('2a00::1-2a00:ffff:ffff:ffff:ffff:ffff:ffff:fffe'), 222);
  assert.is(countOf('5.0.0.0-6.255.255.255'), 2);
  assert.is(countOf('2a00::/15'), 2);
});

nextNet('are as many as another way of cutting makes', () => {
  const end = fc.nat({ max: 2 ** 24 - 1 });
  const ipv4 = fc.tuple(end, end).map(([one, other]): Range => {
    return {
      family: 'ipv4',
      first: 0x05000000 + Math.min(one, other),
      last: 0x05000000 + Math.max(one, other),
    };
  });
  const base = 0x2a00n << 112n;
  const far = fc.bigInt({ min: 0n, max: (1n << 112n) - 1n });
  const ipv6 = fc.tuple(far, far).map(([one, other]): Range => {
    return {
      family: 'ipv6',
      first: base + (one < other ? one : other),
      last: base + (one < other ? other : one),
    };
  });
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), (range) => {
      const text = rangeText(range);

      assert.is(countNets(range), text.includes('-') ? netsOfRange(text).length : 1);
    }),
    { numRuns: 40 },
  );
});

nextNet('are as large as where they begin and what is left allow', () => {
  assert.is(netSize4(0x05000000, 0xffffffff), 2 ** 24);
  assert.is(netSize4(0, 0xffffffff), 2 ** 24);
  assert.is(netSize4(0x05000004, 0xffffffff), 4);
  assert.is(netSize4(0x05000000, 0x05000006), 4);
  assert.is(hostBits6(0n, 1n << 120n), 112);
  assert.is(hostBits6(1n << 64n, 1n << 120n), 64);
  assert.is(hostBits6(1n << 64n, (1n << 64n) + 6n), 2);
  assert.is(hostBits6(8n, 8n), 0);
});

nextNet.run();
