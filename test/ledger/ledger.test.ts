import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerWorld } from '../../src/ledger/ledger-world.ts';
import { fold } from '../../src/claims/fold.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { run } from '../../src/system/processes/run.ts';
import { ban, millis } from '../claims/said.ts';
import { ledgerSuite, pass } from './ledger-suite.ts';

const ledger = ledgerSuite('the ledger');

const BANNED: State = fold(EMPTY_STATE, [ban(1, 600)], millis(5));

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

ledger('is held again for a moment, while a pass that wants it waits', async ({ world }) => {
  const [mine, other] = [new Ledger(world), new Ledger(world)];
  const order: string[] = [];
  const before = mine.holdAgain(() => Promise.resolve());
  await pass(mine, EMPTY_STATE);
  let end: () => void = () => undefined;
  const work = new Promise<void>((resolve) => (end = resolve));

  const held = mine.holdAgain(() => work.then(() => order.push('held again')));
  const theirs = await other.whileHeld(0, () => Promise.resolve()).catch((error: unknown) => error);
  const own = mine.whileHeld(0, ({ isShared }) => Promise.resolve(order.push(`shared: ${isShared}`)));
  const beside = mine.holdAgain(() => Promise.resolve());
  end();
  await Promise.all([held, own]);

  assert.equal([before, beside], [undefined, undefined]);
  assert.match(String(theirs), 'is held by process');
  assert.equal(order, ['held again', 'shared: false']);
});

ledger('is not held again once another held it, nor kept where that fails', async ({ world }) => {
  const [mine, other] = [new Ledger(world), new Ledger(world)];
  await pass(mine, EMPTY_STATE);
  await mine.holdAgain(() => Promise.reject(new Error('no firewall')));

  await pass(other, BANNED);
  const held = mine.holdAgain(() => Promise.resolve());
  const { isShared } = await mine.whileHeld(0, (each) => Promise.resolve(each));

  assert.equal([held, isShared], [undefined, true]);
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
    'Record the effects of a policy change',
    'Repair changes by another program',
  ]);
});

ledger.run();
