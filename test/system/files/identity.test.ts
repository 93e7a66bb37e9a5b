import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { identityOf } from '../../../src/system/files/identity.ts';

const test = suite('the identity of a folder');

test('stays while it is written to, and is another once the folder was made anew', () => {
  const folder = join(mkdtempSync('/run/identity-'), 'folder');
  mkdirSync(folder);
  const before = identityOf(folder);

  writeFileSync(join(folder, 'file'), '');
  const written = identityOf(folder);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);

  assert.is(written, before);
  assert.is.not(identityOf(folder), before);
});

test('is that of a link where one stands in its place, and none where nothing does', () => {
  const parent = mkdtempSync('/run/identity-');
  symlinkSync(parent, join(parent, 'link'));

  assert.is.not(identityOf(join(parent, 'link')), identityOf(parent));
  assert.is(identityOf(join(parent, 'none')), 'none');
});

test.run();
