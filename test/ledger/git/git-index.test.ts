import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isWholeIndex } from '../../../src/ledger/git/git-index.ts';

const index = suite('an index of git');

const CONTENT = Buffer.concat([Buffer.from('DIRC\0\0\0\x02'), Buffer.alloc(9_000, 'entry')]);

const ended = (end: Uint8Array): Buffer => Buffer.concat([CONTENT, end]);

for (const hash of ['sha1', 'sha256'] as const) {
  const whole = ended(createHash(hash).update(CONTENT).digest());

  index(`is whole where its ${hash} is right`, () => {
    assert.ok(isWholeIndex(whole));
  });

  index(`is not where a byte before its ${hash} is another, or its end or its beginning is lost`, () => {
    const changed = Buffer.from(whole);
    changed[100] = 0;
    const withoutBlocks = Buffer.from(whole).fill(0, 4096);
    const zeros = Buffer.alloc(whole.length);

    for (const broken of [changed, withoutBlocks, zeros, whole.subarray(0, 4096), Buffer.alloc(0)])
      assert.not.ok(isWholeIndex(broken));
  });
}

index('is taken for whole where git was told to write no hash', () => {
  assert.ok(isWholeIndex(ended(Buffer.alloc(20))));
});

index.run();
