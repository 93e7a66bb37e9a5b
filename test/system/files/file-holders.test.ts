/** Who may hold a lock of git's, as /proc shows it to root and to the controller's own user. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mayBeHeld } from '../../../src/system/files/file-holders.ts';
import { Child } from '../../support/child.ts';
import { eventually } from '../../support/eventually.ts';
import { isUserNamespace } from '../../support/namespaces.ts';
import { outputOf } from '../../support/run-program.ts';

const test = suite('a lock file');

const MODULE = join(import.meta.dirname, '../../../src/system/files/file-holders.js');

/** Runs what follows with an input that never ends. */
const READ_ON = 'mkfifo "$1" && exec 3<>"$1" && shift && exec "$@" <&3';

function newLock(): { readonly folder: string; readonly lock: string } {
  const folder = mkdtempSync('/run/holders-');
  mkdirSync(join(folder, '.git'));
  const lock = join(folder, '.git/index.lock');
  writeFileSync(lock, '');
  chmodSync('/run', 0o755);
  chmodSync(folder, 0o755);
  return { folder, lock };
}

test('that is there, with nobody at work, is held by nobody', () => {
  const { lock, folder } = newLock();

  assert.not(mayBeHeld(lock, folder));
  assert.not(mayBeHeld(`${lock}.away`, folder));
});

for (const [way, words] of Object.entries({
  'stands in the folder': ['git', '-C', 'FOLDER', 'hash-object', '--stdin'],
  'was told of the folder': ['git', '--git-dir=FOLDER/.git', 'hash-object', '--stdin'],
})) {
  test(`may be held by a git that ${way}, also where it is not open`, async () => {
    const { lock, folder } = newLock();
    await outputOf(['git', 'init', '--quiet', folder]);
    const argv = words.map((word) => word.replace('FOLDER', folder));
    await using git = new Child(['sh', '-c', READ_ON, 'sh', join(folder, 'input'), ...argv]);
    await eventually(() => {
      assert.ok(mayBeHeld(lock, folder), git.stderr);
    });
  });
}

test('is not held by a git that works elsewhere', async () => {
  const { lock, folder } = newLock();
  const elsewhere = newLock();
  await outputOf(['git', 'init', '--quiet', elsewhere.folder]);
  const git = ['git', '-C', elsewhere.folder, 'hash-object', '--stdin'];
  await using child = new Child(['sh', '-c', READ_ON, 'sh', join(folder, 'input'), ...git]);
  await eventually(() => {
    assert.ok(mayBeHeld(elsewhere.lock, elsewhere.folder), child.stderr);
  });

  assert.not(mayBeHeld(lock, folder));
});

/**
 * A git at its end, which stays so: the first process of its namespace ends when the others there have, and one of
 * them is waited for by a stranger who is stopped.
 */
test('is not held by a git that is ending, wherever it was at work', async () => {
  const { lock, folder } = newLock();
  await outputOf(['git', 'init', '--quiet', folder]);
  const words = ['unshare', '--pid', '--fork', 'git', '-C', folder, 'hash-object', '--stdin'];
  await using first = new Child(['sh', '-c', READ_ON, 'sh', join(folder, 'input'), ...words]);
  await eventually(() => {
    assert.ok(mayBeHeld(lock, folder), first.stderr);
  });
  const git = childOf(first.pid);
  await using stranger = new Child(['nsenter', '--target', String(git), '--pid', '--', 'sleep', '1000']);
  await eventually(() => {
    assert.match(readFileSync(`/proc/${childOf(stranger.pid)}/status`, 'utf8'), /^Name:\tsleep$/m);
  });
  stranger.process.kill('SIGSTOP');
  await eventually(() => {
    assert.match(readFileSync(`/proc/${stranger.pid}/status`, 'utf8'), /^State:\tT/m);
  });

  process.kill(git, 'SIGKILL');
  await eventually(() => {
    assert.throws(() => readlinkSync(`/proc/${git}/cwd`), /ENOENT/);
  });

  assert.match(readFileSync(`/proc/${git}/status`, 'utf8'), /^Name:\tgit\n(.*\n)*State:\tS/);
  assert.not(mayBeHeld(lock, folder));
  const elsewhere = newLock();
  assert.not(mayBeHeld(elsewhere.lock, elsewhere.folder));
});

/** The process that it started; throws where there is none. */
function childOf(pid: number): number {
  const [child = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  assert.match(child, /^\d+$/);
  return Number(child);
}

/** Asked of a process of its own. */
const ASK = [
  process.execPath,
  '--input-type=module',
  '-e',
  'const { mayBeHeld } = await import(process.argv[1]); console.log(mayBeHeld(process.argv[2], process.argv[3]));',
  MODULE,
];

/** As in a container, whose /proc shows nobody outside. */
async function askContained(lock: string, folder: string): Promise<string> {
  const apart = ['unshare', '--pid', '--fork', '--mount-proc'];
  return (await outputOf([...apart, ...ASK, lock, folder])).trim();
}

test('in the view of a container may be held by somebody outside, unless it is from before the boot', async () => {
  const { lock, folder } = newLock();

  const young = await askContained(lock, folder);
  utimesSync(lock, 1e9, 1e9);
  const old = await askContained(lock, folder);

  assert.equal([young, old], ['true', 'false']);
});

/** As the unit's user, whom /proc shows no other user's processes. */
async function askUnseeing(lock: string, folder: string): Promise<string> {
  const ask = [...ASK, lock, folder];
  const user = ['setpriv', '--reuid', '12345', '--regid', '12345', '--clear-groups', ...ask];
  const mount = 'mount -t proc -o hidepid=invisible proc /proc && exec "$@"';
  return (await outputOf(['unshare', '--mount', 'sh', '-c', mount, 'sh', ...user])).trim();
}

test('of another user, of whom nothing can be seen, may be held unless it is from before the boot', async () => {
  // There is one user in a user namespace.
  if (isUserNamespace()) return;
  const { lock, folder } = newLock();

  const young = await askUnseeing(lock, folder);
  utimesSync(lock, 1e9, 1e9);
  const old = await askUnseeing(lock, folder);

  assert.equal([young, old], ['true', 'false']);
});

test.run();
