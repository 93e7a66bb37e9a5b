import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contains, netOf, type Net } from '../../../src/domain/net.ts';
import {
  netAt,
  NOWHERE,
  placeAround,
  placeOf,
  sameSections,
  Section4,
  Section6,
  textAt,
  type Section,
} from '../../../src/lists/table/section.ts';
import { netIn } from '../../support/arbitraries.ts';

const section = suite('a section of nets');

const NETS = ['203.0.113.0/25', '203.0.113.128', '203.0.114.0/23', '203.128.0.0/9'];
const NETS6 = ['2001:db8::/48', '2001:db8:1:1::7', '2001:db8:2::/47', '2001:dba::/32'];

function sectionOf(texts: readonly string[]): Section {
  const nets = texts.map(netOf);
  const prefixes = Uint8Array.from(nets, ({ prefix }) => prefix);
  const bits = nets.map((net) => net.bits);
  const bigs = bits.flatMap((each) =>
    typeof each === 'bigint' ? [each >> 64n, BigInt.asUintN(64, each)] : [],
  );
  return bigs.length > 0
    ? new Section6(BigUint64Array.from(bigs), prefixes)
    : new Section4(Uint32Array.from(bits, Number), prefixes);
}

for (const texts of [NETS, NETS6]) {
  section(`gives back its nets: ${texts.join(', ')}`, () => {
    const held = sectionOf(texts);

    assert.is(held.size, 4);
    assert.equal(
      texts.map((_, place) => netAt(held, place)),
      texts.map(netOf),
    );
    assert.equal(
      texts.map((_, place) => textAt(held, place)),
      texts,
    );
    assert.equal(
      texts.map((text) => placeOf(held, netOf(text))),
      [0, 1, 2, 3],
    );
  });

  section(`finds the net around another as looking at each does: ${texts.join(', ')}`, () => {
    const held = sectionOf(texts);
    const edges = texts.map(netOf).flatMap(neighbours);
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...edges), netIn('ipv4'), netIn('ipv6')), (net) => {
        const around = texts.findIndex((text) => contains(netOf(text), net));

        assert.is(placeAround(held, net), around === -1 ? NOWHERE : around);
        assert.is(placeOf(held, net), texts.indexOf(net.text));
      }),
      { numRuns: 400 },
    );
  });
}

section('is the same as another only with the same nets', () => {
  const held = sectionOf(NETS);

  assert.ok(sameSections(held, sectionOf(NETS)));
  assert.not(sameSections(held, sectionOf(NETS.slice(1))));
  assert.not(sameSections(held, sectionOf(['203.0.113.0/26', ...NETS.slice(1)])));
  assert.not(sameSections(held, sectionOf(['203.0.112.0/25', ...NETS.slice(1)])));
  assert.not(sameSections(held, sectionOf(NETS6)));
  assert.ok(sameSections(sectionOf(NETS6), sectionOf(NETS6)));
});

/** Its ends, what lies beside it, and the net twice as wide. */
function neighbours({ family, bits, prefix }: Net): readonly Net[] {
  const full = family === 'ipv4' ? 32 : 128;
  const first = BigInt(bits) & ((1n << BigInt(full)) - 1n);
  const size = 1n << BigInt(full - prefix);
  const text = (address: bigint): string =>
    family === 'ipv4'
      ? [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join('.')
      : Array.from({ length: 8 }, (_, at) =>
          ((address >> BigInt(112 - at * 16)) & 0xffffn).toString(16),
        ).join(':');
  return [
    ...[first - 1n, first, first + size - 1n, first + size].map((address) => netOf(text(address))),
    netOf(`${text(first)}/${prefix - 1}`),
    netOf(`${text(first)}/${prefix}`),
    netOf(`${text(first)}/${Math.min(prefix + 1, full)}`),
  ];
}

section.run();
