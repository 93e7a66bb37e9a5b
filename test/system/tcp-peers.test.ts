import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { peersIn } from '../../src/system/tcp-peers.ts';

const peers = suite('TCP peers');

peers("of a process's connections only the established ones count, of both families", () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0',
    '   1: 010200C0:0016 077100CB:C366 01 00000000:00000000 02:000A7214 00000000     0        0 12 2 0 20 4 1 10 -1',
    '   2: 010200C0:0016 087100CB:C366 01 00000000:00000000 02:000A7214 00000000     0        0 13 2 0 20 4 1 10 -1',
  ].join('\n');
  const table6 =
    '   0: B80D0120000000000000000001000000:0016 B80D0120000000000000000007000000:C366 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0 20 4 1 10 -1';

  assert.equal(peersIn(table, new Set(['11', '12'])), ['203.0.113.7']);
  assert.equal(peersIn(table6, new Set(['12'])), ['2001:0db8:0000:0000:0000:0000:0000:0007']);
});

peers.run();
