import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { retakeLock, takeLock } from '../../../src/system/files/lock.ts';
import { Child } from '../../support/child.ts';
import { eventually } from '../../support/eventually.ts';
import { LOCK, newState } from '../../support/lockable.ts';
import { outputOf } from '../../support/run-program.ts';

const test = suite('the lock');

/** One of five left a lock without a name, when that was written after it. */
const KILLS = 20;

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

test('leaves its own name and no more, whatever stood there, and follows no link', async () => {
  const state = newState();
  const last = `${state}.lock.last`;
  const elsewhere = join(state, 'elsewhere');
  writeFileSync(elsewhere, 'a text');
  const befores: (string | undefined)[] = [];
  for (const make of [
    () => undefined,
    () => {
      writeFileSync(last, 'x'.repeat(500));
    },
    () => {
      rmSync(last);
      symlinkSync(elsewhere, last);
    },
  ]) {
    make();
    const lock = await takeLock(state, 0);
    befores.push(lock.before);
    await lock.release();
    if (befores.length < 3) assert.is(readFileSync(last, 'utf8'), lock.holding);
  }

  assert.equal(befores, [undefined, 'x'.repeat(500), undefined]);
  assert.is(readFileSync(elsewhere, 'utf8'), 'a text');
});

const TAKE_AND_RELEASE = `
  const { takeLock } = await import(process.argv[1]);
  for (let count = 0; ; count += 1) {
    const lock = await takeLock(process.argv[2], 0);
    await lock.release();
    if (count === 0) console.log('begun');
  }`;

test('is to be had at once, at whatever point of taking or releasing it a process was killed', async () => {
  const state = newState();
  for (let kill = 0; kill < KILLS; kill += 1) {
    await using holder = new Child([
      process.execPath,
      '--input-type=module',
      '-e',
      ...[TAKE_AND_RELEASE, LOCK, state],
    ]);
    await eventually(() => {
      assert.is(holder.stdout, 'begun\n', holder.stderr);
    });

    await delay(Math.random() * 5);
    await holder.stop('SIGKILL');

    const lock = await takeLock(state, 0);
    lock.check();
    await lock.release();
  }
  assert.equal(readdirSync(join(state, '..')), ['state', 'state.lock.last']);
});

test('that cannot be removed any more keeps nobody out: not on a disk that was made read-only meanwhile', async () => {
  const disk = mkdtempSync('/run/lock-');
  await outputOf(['mount', '-t', 'tmpfs', 'tmpfs', disk]);
  const state = join(disk, 'state');
  mkdirSync(state);
  const lock = await takeLock(state, 0);
  await outputOf(['mount', '-o', 'remount,ro,bind', disk]);

  await lock.release();
  const whileReadOnly = await takeLock(state, 0);
  await outputOf(['mount', '-o', 'remount,rw,bind', disk]);
  const after = await takeLock(state, 0);

  assert.throws(whileReadOnly.check, /cannot create the lock .*: EROFS/);
  after.check();
  await after.release();
  await outputOf(['umount', disk]);
});

const again = suite('the lock, taken again');

again('keeps others out until it is let go, and is still the holding before the next', async () => {
  const state = newState();
  const { holding = '', release } = await takeLock(state, 0);
  const meanwhile = retakeLock(state, holding);
  await release();

  const letGo = retakeLock(state, holding);
  const twice = retakeLock(state, holding);
  const others = await takeLock(state, 0).catch((error: unknown) => (error as { code: string }).code);
  letGo?.();
  const next = await takeLock(state, 0);

  assert.equal([meanwhile, twice, others], [undefined, undefined, 'locked']);
  assert.is(next.before, holding);
  await next.release();
  assert.equal(readdirSync(join(state, '..')), ['state', 'state.lock.last']);
});

again('is left alone where another holding was the last, or nobody knows which was', async () => {
  const state = newState();
  const last = `${state}.lock.last`;
  const { holding = '', release } = await takeLock(state, 0);
  await release();
  const makes: readonly (() => void)[] = [
    () => {
      writeFileSync(last, 'another');
    },
    () => {
      rmSync(last);
    },
    () => {
      writeFileSync(`${state}.elsewhere`, holding);
      symlinkSync(`${state}.elsewhere`, last);
    },
  ];

  for (const make of makes) {
    make();
    assert.is(retakeLock(state, holding), undefined);
    assert.not(readdirSync(join(state, '..')).includes('state.lock'));
  }
});

again("stays another's who took it meanwhile", async () => {
  const state = newState();
  const { holding = '', release } = await takeLock(state, 0);
  await release();
  const letGo = retakeLock(state, holding);
  rmSync(`${state}.lock`);
  const others = await takeLock(state, 0);

  letGo?.();

  others.check();
  await others.release();
});

test.run();
again.run();
