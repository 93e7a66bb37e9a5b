import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSecret } from '../../../src/system/files/read-secret.ts';

const secret = suite<{ path: string }>('a secret');

secret.before.each((context) => {
  context.path = join(mkdtempSync(join(tmpdir(), 'banspool-secret-')), 'password');
});
secret.after.each(({ path }) => {
  rmSync(join(path, '..'), { recursive: true });
});

const told = async (path: string): Promise<string> => String(await readSecret(path).catch(String));

secret(
  'is read where only its owner and its group may, and is nothing where it is missing',
  async ({ path }) => {
    const missing = await readSecret(path);
    writeFileSync(path, 'text\n', { mode: 0o600 });
    const own = await readSecret(path);
    chmodSync(path, 0o640);

    assert.equal([missing, own, await readSecret(path)], [undefined, 'text\n', 'text\n']);
  },
);

secret('is refused where others may read or write it', async ({ path }) => {
  writeFileSync(path, 'text\n');
  for (const mode of [0o604, 0o602, 0o644]) {
    chmodSync(path, mode);
    assert.match(await told(path), `${path} is open to other users; fix: chmod 600 ${path}`);
  }
});

secret('is a file, and no large one', async ({ path }) => {
  mkdirSync(path);
  assert.match(await told(path), 'is not a plain file of at most 64 KiB');
  writeFileSync(`${path}2`, 'x'.repeat(64 * 1024 + 1), { mode: 0o600 });
  assert.match(await told(`${path}2`), 'is not a plain file of at most 64 KiB');
});

secret.run();
