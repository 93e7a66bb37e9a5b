import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contains, netOf, type Family, type Net } from '../../../src/domain/net.ts';
import { countInside, touches } from '../../../src/lists/table/inside.ts';
import { narrowNet } from '../narrow-net.ts';
import { tableOf } from '../table-of.ts';

const inside = suite('what of a table lies inside of a net');

const world = fc
  .constantFrom<Family>('ipv4', 'ipv6')
  .chain((family) =>
    fc.record({ nets: fc.array(narrowNet(family), { maxLength: 20 }), net: narrowNet(family) }),
  );

inside('is what a look at each of its nets finds', () => {
  fc.assert(
    fc.property(world, ({ nets, net }) => {
      const table = tableOf(nets);
      const all = Array.from(table.nets());

      assert.is(countInside(table, net), all.filter((each) => contains(net, each)).length);
      assert.is(
        touches(table, net),
        all.some((each) => contains(net, each) || contains(each, net)),
      );
    }),
  );
});

inside('reaches to both ends of the net, and no further', () => {
  const table = tableOf(['9.9.8.255', '9.9.9.0', '9.9.9.255', '9.9.10.0'].map(netOf));
  const count = (text: string): number => countInside(table, netOf(text));

  assert.equal([count('9.9.9.0/24'), count('0.0.0.0/0'), count('9.9.9.0'), count('8.0.0.0/8')], [2, 4, 1, 0]);
});

inside('is nothing of a net around it', () => {
  const table = tableOf([netOf('9.9.9.0/24')]);
  const look = (net: Net): readonly unknown[] => [countInside(table, net), touches(table, net)];

  assert.equal(look(netOf('9.9.9.0/25')), [0, true]);
  assert.equal(look(netOf('9.9.9.0/24')), [1, true]);
  assert.equal(look(netOf('9.9.10.0/24')), [0, false]);
});

inside.run();
