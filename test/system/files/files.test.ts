/** In which order a file of the state reaches the disk: a power cut at any moment leaves the old content or the new. */
import fsPromises, { open, type FileHandle } from 'node:fs/promises';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { files } from '../../../src/system/files/files.ts';
import { run, type Run } from '../../../src/system/processes/run.ts';
import { StateRepository } from '../../../src/ledger/git/git.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('a file that is written');

/** What `action` asks of the kernel, of these, in order. */
async function stepsOf(action: () => Promise<void>): Promise<readonly string[]> {
  const steps: string[] = [];
  const handle = await open('/dev/null');
  const prototype = Object.getPrototypeOf(handle) as Pick<FileHandle, 'sync' | 'writeFile'>;
  await handle.close();
  const { sync, writeFile } = prototype;
  const { rename } = fsPromises;
  prototype.sync = function (this: FileHandle) {
    steps.push('sync');
    return sync.call(this);
  };
  prototype.writeFile = function (this: FileHandle, ...words: Parameters<FileHandle['writeFile']>) {
    steps.push('write');
    return writeFile.apply(this, words);
  };
  fsPromises.rename = (...words) => {
    steps.push('rename');
    return rename(...words);
  };
  syncBuiltinESMExports();
  try {
    await action();
  } finally {
    Object.assign(prototype, { sync, writeFile });
    fsPromises.rename = rename;
    syncBuiltinESMExports();
  }
  return steps;
}

test('is whole on the disk before it takes the place of the old one', async () => {
  await using sandbox = await Sandbox.open();
  const path = join(sandbox.folder, 'file');
  await files.write(path, 'old');

  const steps = await stepsOf(() => files.write(path, 'new'));

  assert.equal(steps, ['write', 'sync', 'rename']);
  assert.is(readFileSync(path, 'utf8'), 'new');
});

test('stands there under its name after a power cut once its folder was synced', async () => {
  await using sandbox = await Sandbox.open();

  assert.equal(await stepsOf(() => files.syncFolder(sandbox.folder)), ['sync']);
});

test('and committed is on the disk in git too, object by object', async () => {
  await using sandbox = await Sandbox.open();
  const folder = join(sandbox.folder, 'repository');
  mkdirSync(folder);
  await files.write(join(folder, 'policy.yaml'), '{}\n');
  const trace = join(sandbox.folder, 'trace');
  const traced: Run = (file, args, options) =>
    run(file, args, { ...options, env: { ...options?.env, GIT_TRACE2_EVENT: trace } });
  const repository = new StateRepository(folder, traced, files);

  await repository.begin('Begin');

  const flushed = [...readFileSync(trace, 'utf8').matchAll(/"key":"fsync\/hardware-flush","value":"(\d+)"/g)];
  const count = flushed.reduce((sum, [, value]) => sum + Number(value), 0);
  // A file, its folder and the commit.
  assert.ok(count >= 3, `${count} writes were waited for`);
});

test('for others stands in folders that they may read, whatever the umask, and none that was there changes', async () => {
  await using sandbox = await Sandbox.open();
  const there = join(sandbox.folder, 'there');
  mkdirSync(there);
  chmodSync(there, 0o700);
  const before = process.umask(0o027);
  try {
    await files.makeOpenFolder(join(there, 'fleet/out/ipv4'));
    await files.makeOpenFolder(join(there, 'fleet/out'));
  } finally {
    process.umask(before);
  }

  const modes = ['', 'fleet', 'fleet/out', 'fleet/out/ipv4'].map(
    (path) => statSync(join(there, path)).mode & 0o777,
  );
  assert.equal(modes, [0o700, 0o755, 0o755, 0o755]);
});

test.run();
