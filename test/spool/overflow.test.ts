/** How much may wait in a server's folder. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { overflow } from '../../src/spool/overflow.ts';

const room = suite('a server’s room');

const MIB = 1024 * 1024;

const files = (count: number, bytes: number): readonly { bytes: number; changedAt: number }[] =>
  Array.from({ length: count }, (_, index) => ({ bytes, changedAt: count - index }));

room('holds 50,000 files, and of more the newest go', () => {
  assert.equal(overflow(files(50_000, 1)), []);
  assert.equal(
    overflow(files(50_002, 1)).map(({ changedAt }) => changedAt),
    [50_001, 50_002],
  );
});

room('holds 256 MiB, and of more the newest go', () => {
  assert.equal(overflow(files(64, 4 * MIB)), []);
  assert.equal(
    overflow(files(66, 4 * MIB)).map(({ changedAt }) => changedAt),
    [65, 66],
  );
});

room.run();
