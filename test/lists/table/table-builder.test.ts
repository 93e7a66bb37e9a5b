import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { rangeOf } from '../../../src/lists/range.ts';
import { TableBuilder } from '../../../src/lists/table/table-builder.ts';
import { tableOf } from '../table-of.ts';

const builder = suite('the builder of a table');

const NETS = ['203.0.113.7', '203.0.113.0/28', '198.51.100.7', '2001:db8::/32', '2001:db9::7'].map(netOf);

builder('merges what overlaps', () => {
  const table = tableOf(NETS);

  assert.equal(Array.from(table.nets(), ({ text }) => text).sort(), [
    '198.51.100.7',
    '2001:db8::/32',
    '2001:db9::7',
    '203.0.113.0/28',
  ]);
});

builder('knows how many nets there are at the most', () => {
  const all = new TableBuilder();
  for (const net of NETS) all.add(rangeOf(net));
  assert.is(all.most, 5);
  all.add({ family: 'ipv4', first: 0x05000001, last: 0x05000006 });

  assert.is(all.most, 9);
  assert.is(all.build().size(), 8);
});

builder('hands on the parts that are as they were before', () => {
  const before = tableOf(NETS);

  const after = tableOf([...NETS, netOf('203.0.113.200'), netOf('2001:db9::8'), netOf('192.0.2.1')], before);

  const shared = (family: 'ipv4' | 'ipv6'): readonly string[] =>
    Array.from(after.parts(family))
      .filter(([region, part]) => before.parts(family).get(region) === part)
      .map(([region]) => region);
  assert.equal(shared('ipv4'), ['ipv4/198']);
  assert.equal(shared('ipv6').length, 1);
  assert.equal([...after.parts('ipv4').keys()], ['ipv4/192', 'ipv4/198', 'ipv4/203']);
});

builder('hands on no part with as many nets that are others', () => {
  const before = tableOf([netOf('203.0.113.7')]);

  const after = tableOf([netOf('203.0.113.9')], before);

  assert.equal(
    Array.from(after.nets(), ({ text }) => text),
    ['203.0.113.9'],
  );
});

builder('makes the same in slices', () => {
  const all = new TableBuilder();
  for (const net of NETS) all.add(rangeOf(net));

  let slices = 0;
  const making = all.buildInSlices();
  let slice = making.next();
  for (; slice.done !== true; slice = making.next()) slices += 1;

  assert.ok(slices >= 2);
  assert.equal([...slice.value.nets()], [...tableOf(NETS).nets()]);
});

builder.run();
