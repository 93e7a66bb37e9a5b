import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeLock } from '../../src/system/lock.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { outputOf, runProgram } from '../support/run-program.ts';

const test = suite('the lock');

const LOCK = join(import.meta.dirname, '../../src/system/lock.js');

function newState(): string {
  const state = join(mkdtempSync('/run/lock-'), 'state');
  mkdirSync(state);
  return state;
}

/** Takes the lock in a process of its own, in which /proc shows no other user's processes; prints the error's code. */
const TAKE_UNSEEING = `
  mount -t proc -o hidepid=invisible proc /proc &&
  exec setpriv --reuid 12345 --regid 12345 --clear-groups "$1" --input-type=module -e '
    const { takeLock } = await import(process.argv[1]);
    await takeLock(process.argv[2], 0).then(() => console.log("taken"), ({ code }) => console.log(code));
  ' "$2" "$3"`;

test('of another user’s process is not broken because /proc does not show that process', async () => {
  // Of the one user that there is in a user namespace /proc hides nothing.
  if (isUserNamespace()) return;
  const state = newState();
  await outputOf(['chmod', '777', join(state, '..')]);
  await outputOf(['chmod', '755', '/run']);
  const lock = await takeLock(state, 0);

  const said = await runProgram([
    'unshare',
    '--mount',
    'sh',
    '-c',
    TAKE_UNSEEING,
    'sh',
    process.execPath,
    LOCK,
    state,
  ]);

  assert.is(said.stdout, 'locked\n', said.stderr);
  lock.check();
  await lock.release();
});

test('names its holding and the one before, so that a holder knows whether anybody else held it since', async () => {
  const state = newState();
  const first = await takeLock(state, 0);
  await first.release();

  const second = await takeLock(state, 0);

  assert.type(first.holding, 'string');
  assert.is(second.before, first.holding);
  assert.is.not(second.holding, first.holding);
  await second.release();
});

test('of a process from before the machine’s last boot is broken at once', async () => {
  const state = newState();
  await takeLock(state, 0);
  const owner = `${state}.lock.owner`;
  writeFileSync(owner, readFileSync(owner, 'utf8').replace(/"boot":"[^"]*"/, '"boot":"an earlier one"'));

  const lock = await takeLock(state, 0);

  lock.check();
  await lock.release();
});

/** A process killed between making the lock and writing its name leaves the name of the holder before, or half of one. */
for (const [what, leave] of [
  ['the name of the holder before', () => undefined],
  [
    'half of its name',
    (owner: string) => {
      writeFileSync(owner, '{"pid":4711,"sta');
    },
  ],
] as const) {
  test(`that a killed process left with ${what} is held for seconds, and not for a minute`, async () => {
    const state = newState();
    const lock = await takeLock(state, 0);
    await lock.release();
    mkdirSync(`${state}.lock`);
    leave(`${state}.lock.owner`);

    const young = await takeLock(state, 0).catch((error: unknown) => (error as { code: string }).code);
    const then = Date.now() / 1000 - 16;
    utimesSync(`${state}.lock`, then, then);
    const old = await takeLock(state, 0);

    assert.is(young, 'locked');
    old.check();
    await old.release();
  });
}

const TAKE = `
  const { takeLock } = await import(process.argv[1]);
  await takeLock(process.argv[2], 0).then(() => console.log('taken'), ({ code }) => console.log(code));
  if (process.argv[3] === 'and stay') setInterval(() => undefined, 1_000);`;

test('of a process that was killed is broken at once, also before its parent has heard of it', async () => {
  const state = newState();
  const take = [process.execPath, '--input-type=module', '-e', TAKE, LOCK, state] as const;
  await using holder = new Child([...take, 'and stay']);
  await eventually(() => {
    assert.is(holder.stdout, 'taken\n');
  });

  holder.process.kill('SIGKILL');
  // Nothing is heard here meanwhile.
  const { stdout } = spawnSync(take[0], take.slice(1), { encoding: 'utf8' });

  assert.is(stdout, 'taken\n');
});

test.run();
