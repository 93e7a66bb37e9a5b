import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { decodeTable, encodeTable } from '../../../src/lists/table/table-bytes.ts';
import { narrowNet } from '../narrow-net.ts';
import { tableOf } from '../table-of.ts';

const bytes = suite('a table as bytes');

bytes('is the same table again', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(narrowNet('ipv4'), narrowNet('ipv6')), { maxLength: 30 }), (nets) => {
      const table = tableOf(nets);

      const again = decodeTable(encodeTable(table));

      assert.equal(Array.from(again?.nets() ?? []), Array.from(table.nets()));
    }),
  );
});

bytes('is none where some are missing, or too many', () => {
  const { regions, bytes: all } = encodeTable(tableOf(['9.9.9.0/24', '2a00::/32'].map(netOf)));

  assert.is(decodeTable({ regions, bytes: all.subarray(0, -1) }), undefined);
  assert.is(decodeTable({ regions, bytes: Buffer.concat([all, Buffer.alloc(1)]) }), undefined);
  assert.is(decodeTable({ regions: [['ipv4/9', 2 ** 40]], bytes: all }), undefined);
});

bytes.run();
