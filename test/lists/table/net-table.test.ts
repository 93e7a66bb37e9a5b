import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contains, netOf, type Net } from '../../../src/domain/net.ts';
import { WIDEST } from '../../../src/lists/table/net-table.ts';
import { netIn } from '../../support/arbitraries.ts';
import { tableOf } from '../table-of.ts';

const table = suite('a table of nets');

const enforceable = (nets: fc.Arbitrary<Net>): fc.Arbitrary<Net> =>
  nets.filter(({ family, prefix }) => prefix >= WIDEST[family]);

table('counts its nets by family', () => {
  const held = tableOf(['203.0.113.7', '198.51.100.0/24', '2001:db8::/32'].map(netOf));

  assert.equal([held.size(), held.size('ipv4'), held.size('ipv6')], [3, 2, 1]);
});

table('names its nets: IPv4 in order, then IPv6', () => {
  const held = tableOf(['2001:db8::/32', '203.0.113.7', '5.0.0.0/8', '198.51.100.0/24'].map(netOf));

  assert.equal(
    Array.from(held.nets(), ({ text }) => text),
    ['5.0.0.0/8', '198.51.100.0/24', '203.0.113.7', '2001:db8::/32'],
  );
});

table('finds the net around another, whatever region that is in', () => {
  const held = tableOf(
    ['203.0.113.0/24', '2001:c00::/24', '2001:db8:1::/48', '2001:db8:8002::/47', '2a00::/16'].map(netOf),
  );
  const find = (text: string): string | undefined => held.find(netOf(text))?.text;

  assert.is(find('203.0.113.7'), '203.0.113.0/24');
  assert.is(find('203.0.112.0/23'), undefined);
  assert.is(find('2001:cff:5:6::7'), '2001:c00::/24');
  assert.is(find('2001:c00::/25'), '2001:c00::/24');
  assert.is(find('2001:db8:1:9::/64'), '2001:db8:1::/48');
  assert.is(find('2001:db8::/47'), undefined);
  assert.is(find('2a00:9:8:7::6'), '2a00::/16');
  assert.is(find('2a00:8000::'), '2a00::/16');
  assert.is(find('2001:db8:8003::7'), '2001:db8:8002::/47');
  assert.is(find('2a01::'), undefined);
  assert.is(find('::/0'), undefined);
  assert.is(find('0.0.0.0/0'), undefined);
});

for (const family of ['ipv4', 'ipv6'] as const)
  table(`contains of ${family} what was put into it, and finds one of its own nets around it`, () => {
    const nets = fc.array(enforceable(netIn(family)), { maxLength: 8 });
    fc.assert(
      fc.property(nets, netIn(family), (put, asked) => {
        const held = tableOf(put);

        for (const net of put) assert.ok(held.contains(net), net.text);
        const found = held.find(asked);
        const all = Array.from(held.nets());
        assert.equal(
          found,
          all.find((net) => contains(net, asked)),
        );
      }),
    );
  });

table.run();
