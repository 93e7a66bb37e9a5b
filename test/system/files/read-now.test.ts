import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namesNow, readPlainNow } from '../../../src/system/files/read-now.ts';
import { outputOf } from '../../support/run-program.ts';

const test = suite('what is read at once');

test('is a plain file of a bounded length, and never a link, a pipe or a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-now-'));
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('file'), 'text');
  symlinkSync(at('file'), at('link'));
  mkdirSync(at('folder'));
  await outputOf(['mkfifo', at('pipe')]);

  assert.is(readPlainNow(at('file'), 4), 'text');
  for (const [name, most] of [
    ['file', 3],
    ['link', 9],
    ['folder', 9],
    ['pipe', 9],
    ['none', 9],
  ] as const)
    assert.is(readPlainNow(at(name), most), undefined, name);
  assert.equal([...namesNow(folder)].sort(), ['file', 'folder', 'link', 'pipe']);
  assert.equal([...namesNow(at('file')), ...namesNow(at('none'))], []);
  rmSync(folder, { recursive: true });
});

test.run();
