import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerWorld } from '../../src/ledger/ledger-world.ts';
import { fold } from '../../src/claims/fold.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { mayBeHeld } from '../../src/system/files/file-holders.ts';
import { files } from '../../src/system/files/files.ts';
import { takeLock } from '../../src/system/files/lock.ts';
import { run } from '../../src/system/processes/run.ts';
import { ban, millis } from '../claims/said.ts';

interface Context {
  folder: string;
  world: LedgerWorld;
}

const ledger = suite<Context>('the ledger');

ledger.before.each((context) => {
  const folder = mkdtempSync(join(tmpdir(), 'banspool-ledger-'));
  const template = join(folder, 'template');
  mkdirSync(template);
  writeFileSync(join(template, 'policy.yaml'), 'allow: []\n');
  context.folder = folder;
  context.world = {
    config: { state: join(folder, 'state'), runtime: folder, families: ['ipv4', 'ipv6'] },
    ...{ files, run, takeLock, mayBeHeld, template },
    now: () => millis(10),
  };
});

ledger.after.each(({ folder }) => {
  rmSync(folder, { recursive: true });
});

const BANNED: State = fold(EMPTY_STATE, [ban(1, 600)], millis(5));

/** What a pass does with it, without a firewall; resolves with the problems. */
async function pass(mine: Ledger, state: State): Promise<readonly unknown[]> {
  return mine.whileHeld(0, async () => {
    await mine.open();
    const read = await mine.read({ isFull: true });
    const untaken = await mine.takeOver({ ...read, isFull: true });
    const unsaved = await mine.save(state);
    const options = { commitAll: true, patience: undefined, isLossTold: false };
    const uncommitted = await mine.commit({ state, ...options });
    return [...read.problems, ...untaken, ...(unsaved === undefined ? [] : [unsaved]), ...uncommitted];
  });
}

async function log({ config }: LedgerWorld): Promise<readonly string[]> {
  const { stdout } = await run('git', ['-C', config.state, 'log', '--format=%s']);
  return stdout.trim().split('\n');
}

ledger('begins as the template, and another process reads what it saved', async ({ world }) => {
  const problems = await pass(new Ledger(world), BANNED);

  const read = await new Ledger(world).read({ isFull: true });

  assert.equal(problems, []);
  assert.equal(read.state, BANNED);
  assert.equal(read.problems, []);
  assert.equal(await log(world), ['Begin']);
});

ledger('knows whether another held it since it last did', async ({ world }) => {
  const [mine, other] = [new Ledger(world), new Ledger(world)];
  const isShared = async (each: Ledger): Promise<boolean> =>
    each.whileHeld(0, (held) => Promise.resolve(held.isShared));

  const first = await isShared(mine);
  const again = await isShared(mine);
  const theirs = await isShared(other);
  const after = await isShared(mine);

  assert.equal([first, again, theirs, after], [true, false, true, true]);
});

ledger('reads again what another saved while it held it', async ({ world }) => {
  const [mine, other] = [new Ledger(world), new Ledger(world)];
  await pass(mine, EMPTY_STATE);
  await pass(other, BANNED);

  const read = await mine.whileHeld(0, () => mine.read({ isFull: false }));

  assert.equal(read.state, BANNED);
  assert.is(read.changedByOthers, true);
});

ledger('lets go of the state where what it was held for fails', async ({ world }) => {
  const mine = new Ledger(world);

  const failed = await mine
    .whileHeld(0, () => Promise.reject(new Error('no firewall')))
    .catch((error: unknown) => error);
  const problems = await pass(new Ledger(world), BANNED);

  assert.match(String(failed), 'no firewall');
  assert.equal(problems, []);
});

ledger('writes nothing while it is not held', async ({ world }) => {
  const mine = new Ledger(world);
  await pass(mine, EMPTY_STATE);

  const unsaved = await mine.save(BANNED);
  const read = await new Ledger(world).read({ isFull: true });

  assert.is(unsaved?.condition, 'StateSaved');
  assert.equal(read.state, EMPTY_STATE);
});

ledger('is suspect from when somebody edits a file until it is read', async ({ world }) => {
  const mine = new Ledger(world);
  await pass(mine, BANNED);
  const before = await mine.hasChanged();
  writeFileSync(join(world.config.state, 'claims/ipv4/203.yaml'), '[]\n');

  const edited = await mine.hasChanged();
  const still = mine.isSuspect;
  await mine.read({ isFull: false });

  assert.equal([before, edited, still, mine.isSuspect], [false, true, true, false]);
  assert.is(mine.state.shards.size, 0);
});

ledger('tells in git what changed no claim, once', async ({ world }) => {
  const mine = new Ledger(world);
  await pass(mine, BANNED);
  mine.notes.add({ repairs: ['ipv4: put back a rule'], policyLines: ['policy: lifts 198.51.100.7'] });

  await pass(mine, BANNED);
  await pass(mine, BANNED);

  assert.equal((await log(world)).slice(0, -1), [
    'Tell what the policy changed',
    'Repair what another program changed',
  ]);
});

ledger('that was begun elsewhere is no first start where it vanished', async ({ world }) => {
  await pass(new Ledger(world), BANNED);
  rmSync(world.config.state, { recursive: true });
  const mine = new Ledger(world);

  const isFirst = await mine.history.isFirstStart();
  const failed = await mine.whileHeld(0, () => Promise.resolve()).catch((error: unknown) => error);

  assert.is(isFirst, false);
  assert.match(String(failed), `${world.config.state} is not there, and it held one`);
});

/** The world of the state of this name, with a runtime folder that is the same for all, but for who names another. */
function worldWith(name: string, { folder, world }: Context, run = 'run'): LedgerWorld {
  const [state, runtime] = [join(folder, name), join(folder, run)];
  return { ...world, config: { ...world.config, state, runtime } };
}

const failureOf = async (world: LedgerWorld): Promise<string> =>
  new Ledger(world).read({ isFull: true }).then(
    () => 'none',
    (error: unknown) => String(error),
  );

ledger('that vanished is missed after a reboot too, which empties the runtime folder', async (context) => {
  const world = worldWith('one', context);
  await pass(new Ledger(world), BANNED);
  rmSync(world.config.state, { recursive: true });
  rmSync(world.config.runtime, { recursive: true });

  assert.match(await failureOf(world), 'one is not there, and it held one');
});

ledger('is held against its own mark where the config named another state since', async (context) => {
  const [one, other] = [worldWith('one', context), worldWith('other', context)];
  await pass(new Ledger(one), EMPTY_STATE);
  await pass(new Ledger(one), BANNED);
  // The mark beside the state is noted at a start, and seldom after that.
  await pass(new Ledger(one), BANNED);
  await pass(new Ledger(worldWith('other', context, 'elsewhere')), BANNED);
  await pass(new Ledger(other), BANNED);

  const asItWas = await failureOf(one);
  await run('git', ['-C', one.config.state, 'reset', '--quiet', '--hard', 'HEAD~1']);
  const setBack = await failureOf(one);

  assert.is(asItWas, 'none');
  assert.match(setBack, /one is at another commit, whose history lacks [0-9a-f]{8}/);
});

ledger(
  'with a history of its own is not held against the state that the config named before',
  async (context) => {
    const [one, other] = [worldWith('one', context), worldWith('other', context)];
    await pass(new Ledger(one), EMPTY_STATE);
    rmSync(`${one.config.state}.begun`);
    await pass(new Ledger(worldWith('other', context, 'elsewhere')), BANNED);
    await pass(new Ledger(other), BANNED);

    const failure = await failureOf(one);

    assert.is(failure, 'none');
  },
);

ledger.run();
