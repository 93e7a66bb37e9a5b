/** Who holds a lock, and when one that is left is broken. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { lutimesSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeLock } from '../../../src/system/files/lock.ts';
import { Child } from '../../support/child.ts';
import { eventually } from '../../support/eventually.ts';
import { LOCK, newState } from '../../support/lockable.ts';
import { isUserNamespace } from '../../support/namespaces.ts';
import { outputOf, runProgram } from '../../support/run-program.ts';

const test = suite('the lock');

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

test('of a process from before the machine’s last boot is broken at once', async () => {
  const state = newState();
  await takeLock(state, 0);
  const holding = readlinkSync(`${state}.lock`);
  unlinkSync(`${state}.lock`);
  symlinkSync(holding.replace(/"boot":"[^"]*"/, '"boot":"an earlier one"'), `${state}.lock`);

  const lock = await takeLock(state, 0);

  lock.check();
  await lock.release();
});

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

for (const [what, make] of [
  ['a folder', mkdirSync],
  [
    'the lock of another pid namespace',
    (path: string) => {
      symlinkSync(JSON.stringify({ pid: 1, started: '1', boot: BOOT, namespace: 'pid:[1]' }), path);
    },
  ],
] as const) {
  test(`is had in place of ${what} when that is a minute old, and not before`, async () => {
    const state = newState();
    const path = `${state}.lock`;
    make(path);

    // Half of it, so that no machine is too busy to look in time.
    age(path, 30);
    const young = await takeLock(state, 0).catch((error: unknown) => (error as { code: string }).code);
    age(path, 61);
    const old = await takeLock(state, 0);

    assert.is(young, 'locked');
    old.check();
    await old.release();
  });
}

const BOOT = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** As if nobody had made it young again for so long. */
function age(path: string, seconds: number): void {
  const then = Date.now() / 1000 - seconds;
  lutimesSync(path, then, then);
}

const TAKE_ON_CALL = `
  const { takeLock } = await import(process.argv[1]);
  process.on('message', async () => {
    const lock = await takeLock(process.argv[2], 0).catch(({ code }) => code);
    process.send(typeof lock === 'string' ? lock : 'taken');
    process.once('message', async () => {
      if (typeof lock !== 'string') lock.check();
      process.exit(0);
    });
  });
  process.send('ready');`;

test('too old is broken by one alone of those that find it so', async () => {
  for (let round = 0; round < 4; round += 1) {
    const state = newState();
    symlinkSync(JSON.stringify({ pid: 1, started: '1', boot: BOOT, namespace: 'pid:[1]' }), `${state}.lock`);
    age(`${state}.lock`, 61);
    const command = [process.execPath, '--input-type=module', '-e', TAKE_ON_CALL, LOCK, state];
    await using one = new Child(command, { ipc: true });
    await using another = new Child(command, { ipc: true });
    const hear = async ({ process: child }: Child): Promise<unknown> => (await once(child, 'message'))[0];
    await Promise.all([one, another].map(hear));

    const said = [one, another].map(hear);
    for (const each of [one, another]) each.process.send('take');
    const taken = (await Promise.all(said)).filter((each) => each === 'taken');
    for (const each of [one, another]) each.process.send('check');

    assert.equal(taken, ['taken']);
    assert.equal(await Promise.all([one.ended, another.ended]), [0, 0], one.stderr + another.stderr);
  }
});

test.run();
