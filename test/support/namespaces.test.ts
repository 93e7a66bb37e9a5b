/** That no test can hurt the machine it runs on. */
import * as fs from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf, runProgram } from './run-program.ts';
import { inNamespaces } from './namespaces.ts';

const test = suite('namespaces');

const PROJECT = join(import.meta.dirname, '../../..');

const MACHINE = [
  '/',
  '/etc',
  '/usr/bin',
  '/var/lib',
  '/root',
  '/home',
  '/dev',
  '/dev/shm',
  '/sys',
  '/tmp',
  homedir(),
  PROJECT,
];

for (const folder of MACHINE.filter((path) => fs.existsSync(path))) {
  test(`keep a test from making a file in ${folder}, whoever runs it`, () => {
    assert.throws(() => fs.mkdtempSync(join(folder, 'banspool-guard-')), /EROFS|EACCES/);
  });
}

test('keep what a test lets loose from changing the mode of a file, even as root', () => {
  for (const path of ['/', '/etc/passwd', '/dev/null', import.meta.filename]) {
    const { mode } = fs.statSync(path);

    assert.throws(() => {
      fs.chmodSync(path, mode);
    }, /EROFS|EPERM/);
  }
});

test('leave nothing of the machine writable but /proc', () => {
  const mounts = fs.readFileSync('/proc/self/mountinfo', 'utf8').trimEnd().split('\n');
  const targets = new Set(mounts.map((line) => line.split(' ')[4] ?? ''));

  const writable = [...targets].filter((target) => !target.startsWith('/proc') && isWritable(target));

  assert.equal(writable.sort(), ['/run', '/run/tmp']);
});

test('give a test folders of its own for temporary files and for what runs, on two file systems', () => {
  assert.is(tmpdir(), '/run/tmp');
  assert.is.not(fs.statSync('/run/tmp').dev, fs.statSync('/run').dev);
  for (const folder of ['/run', '/run/tmp']) {
    const made = fs.mkdtempSync(join(folder, 'banspool-guard-'));
    fs.rmdirSync(made);
  }
});

test('leave writable the folders that are asked for, and nothing beside them', async () => {
  await outputOf(['mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  const folder = fs.mkdtempSync('/mnt/a b ');
  fs.mkdirSync(join(folder, 'kept'));
  const script = 'cd "$0"; echo 1 >kept/a; echo 1 >b; ls';
  const { file, args, env } = inNamespaces(['sh', '-c', script, folder], [join(folder, 'kept')]);

  const ran = await runProgram([file, ...args], { env });

  assert.is(ran.stdout, 'kept\n');
  assert.match(ran.stderr, /b: Read-only file system/);
  assert.is(fs.readFileSync(join(folder, 'kept', 'a'), 'utf8'), '1\n');
});

function isWritable(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

test.run();
