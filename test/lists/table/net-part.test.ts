import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf, regionOf, type Net } from '../../../src/domain/net.ts';
import { tableOf } from '../table-of.ts';

const part = suite('a part of a table');

/** Disjoint, and no two could be one: what a table makes of them is what they are. */
const NETS = ['203.0.113.0/25', '203.0.113.200', '203.1.0.0/16', '2001:db8::/49', '2001:db8:0:8000::'];

part('is for all its readers a map of its nets that have no end', () => {
  const nets = fc.subarray(NETS.slice(0, 3).map(netOf), { minLength: 1 });
  fc.assert(
    fc.property(nets, (held) => {
      const map = new Map(held.map(({ text }) => [text, Infinity]));

      const seen = tableOf(held).parts('ipv4').get('ipv4/203');

      assert.ok(seen !== undefined);
      assert.is(seen.size, map.size);
      assert.equal([...seen], [...map]);
      assert.equal([...seen.entries()], [...map.entries()]);
      assert.equal([...seen.keys()], [...map.keys()]);
      assert.equal([...seen.values()], [...map.values()]);
      const each: unknown[] = [];
      seen.forEach((until, text, of) => each.push([text, until, of === seen]));
      assert.equal(
        each,
        Array.from(map, ([text, until]) => [text, until, true]),
      );
      for (const text of [...NETS, '203.0.113.0', '203.0.113.0/24', '203.0.113.200/32', 'x', '']) {
        assert.is(seen.get(text), map.get(text));
        assert.is(seen.has(text), map.has(text));
      }
    }),
  );
});

part('has the nets of one region, as numbers and texts', () => {
  const table = tableOf(NETS.map(netOf));
  const region = regionOf('ipv6', '2001:db8::');

  const seen: readonly Net[] = [...(table.parts('ipv6').get(region)?.nets() ?? [])];

  assert.equal(seen, NETS.slice(3).map(netOf));
});

part('finds the net around another', () => {
  const seen = tableOf(NETS.map(netOf)).parts('ipv4').get('ipv4/203');

  assert.equal(seen?.around(netOf('203.0.113.7')), netOf('203.0.113.0/25'));
  assert.is(seen?.around(netOf('203.0.113.0/24')), undefined);
});

part.run();
