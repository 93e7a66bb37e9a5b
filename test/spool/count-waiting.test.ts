import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countWaiting } from '../../src/spool/count-waiting.ts';
import { sweep } from '../../src/spool/sweep.ts';
import { spoolFiles } from '../../src/system/files/spool-files.ts';

const counting = suite('counting what waits', { spool: '' });

counting.before.each((context) => {
  context.spool = mkdtempSync(join(tmpdir(), 'banspool-count-'));
});

counting.after.each(({ spool }) => {
  rmSync(spool, { recursive: true });
});

function fill(spool: string, server: string, count: number): void {
  mkdirSync(join(spool, server));
  for (let index = 0; index < count; index += 1) writeFileSync(join(spool, server, `${index}.yaml`), '');
}

const never = (): boolean => false;
const always = (): boolean => true;

counting('it is what a sweep finds, whoever else has a folder there', ({ spool }) => {
  fill(spool, 'web1', 3);
  fill(spool, 'web2', 0);
  fill(spool, 'Not_A_Server', 1);
  fill(spool, 'adopted', 1);
  for (const name of ['.4.yaml.tmp', '.5.yaml', '6.txt']) writeFileSync(join(spool, 'web1', name), '');
  writeFileSync(join(spool, 'file'), '');

  const counts = countWaiting(spool, spoolFiles, never);

  const swept = Array.from(sweep(spool, spoolFiles).waiting, ([name, { length }]) => [name, length]);
  assert.equal([...counts], [['web1', { files: 3, isAll: true }]]);
  assert.equal(swept, [['web1', 3]]);
});

counting('a flood is counted no longer than there is time, and each server has its turn', ({ spool }) => {
  fill(spool, 'web1', 2_500);
  fill(spool, 'web2', 5);

  const counts = countWaiting(spool, spoolFiles, always);

  assert.equal(
    [...counts].sort(([a], [b]) => (a < b ? -1 : 1)),
    [
      ['web1', { files: 1_000, isAll: false }],
      ['web2', { files: 5, isAll: true }],
    ],
  );
});

counting('without a spool nothing waits', ({ spool }) => {
  assert.is(countWaiting(join(spool, 'none'), spoolFiles, never).size, 0);
});

counting.run();
