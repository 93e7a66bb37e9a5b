import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerWorld } from '../../src/ledger/ledger-world.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { run } from '../../src/system/processes/run.ts';
import { ban, heard } from '../claims/said.ts';
import { git, ledgerSuite, pass, type Context } from './ledger-suite.ts';

const history = ledgerSuite('the history of the state');

const BANNED: State = heard(5, ban(1, 600));

history('that was begun elsewhere is no first start where it vanished', async ({ world }) => {
  await pass(new Ledger(world), BANNED);
  rmSync(world.config.state, { recursive: true });
  const mine = new Ledger(world);

  const isFirst = await mine.history.isFirstStart();
  const failed = await mine.whileHeld(0, () => Promise.resolve()).catch((error: unknown) => error);

  assert.is(isFirst, false);
  assert.match(String(failed), `${world.config.state} is missing, and it contained the state before`);
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

history('that vanished is missed after a reboot too, which empties the runtime folder', async (context) => {
  const world = worldWith('one', context);
  await pass(new Ledger(world), BANNED);
  rmSync(world.config.state, { recursive: true });
  rmSync(world.config.runtime, { recursive: true });

  assert.match(await failureOf(world), 'one is missing, and it contained the state before');
});

history('is held against its own mark where the config named another state since', async (context) => {
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
  assert.match(setBack, /one is at a commit whose history lacks [0-9a-f]{8}/);
});

history(
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

history(
  'that lost its repository has claims that are enforced still, and is told of as lost',
  async ({ world }) => {
    await pass(new Ledger(world), BANNED);
    rmSync(join(world.config.state, '.git'), { recursive: true });
    const mine = new Ledger(world);

    const read = await mine.read({ isFull: true });
    const lost = await mine.history.loss();

    assert.equal(read.state, BANNED);
    assert.match(lost?.what ?? '', `${world.config.state}/.git is missing`);
    assert.match(lost?.mend ?? '', 'banspool accept');
  },
);

history('that a person words otherwise is no other one', async ({ world }) => {
  await pass(new Ledger(world), BANNED);
  git(world, 'commit', '--quiet', '--amend', '-m', 'In other words');

  assert.is(await failureOf(world), 'none');
});

history.run();
