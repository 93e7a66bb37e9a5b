import { readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CommitOptions } from '../../src/ledger/commits.ts';
import type { Problem } from '../../src/domain/conditions.ts';
import { Escalator } from '../../src/escalation/escalator.ts';
import { EMPTY_STATE } from '../../src/claims/state.ts';
import { save, type Saved } from '../../src/pass/save.ts';
import { freshMemory, type Memory } from '../../src/pass/memory.ts';
import type { Pass } from '../../src/pass/pass.ts';
import type { World } from '../../src/world/world.ts';
import { openFirewall } from '../../src/system/firewall/iptables.ts';
import { run } from '../../src/system/processes/run.ts';
import { iptables } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { isDropped } from '../support/until-dropped.ts';

/** One that hung until its lock was too old must not write over what its successor writes. */
const test = suite('a pass that lost its lock');

const BOOT = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** Has the lock as another process that found it too old, and that has written nothing so far. */
function takeAway({ state }: Sandbox): void {
  unlinkSync(`${state}.lock`);
  symlinkSync(JSON.stringify({ pid: 1, started: '1', boot: BOOT, namespace: 'pid:[1]' }), `${state}.lock`);
}

/** The world in which the lock is lost while rules are made, from when that is wanted. */
function losingAtRules(sandbox: Sandbox, isWanted = (): boolean => true): World {
  return worldOf(sandbox, {
    openFirewall: async () => {
      const real = await openFirewall(run, 'nft');
      return {
        ...real,
        restore: async (family, text) => {
          await real.restore(family, text);
          if (isWanted()) takeAway(sandbox);
        },
      };
    },
  });
}

const problemsOf = ({ problems }: Pass): readonly string[] =>
  problems.map(({ condition, message }) => `${condition}: ${message}`);

test('has enforced what was said, and leaves it in the spool and out of the state', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  const before = await sandbox.git('status', '--porcelain');
  sandbox.drop('web1', banText('198.51.100.7'));

  const pass = await makePass(losingAtRules(sandbox));
  const [waiting, after] = [sandbox.waiting().length, await sandbox.git('status', '--porcelain')];
  unlinkSync(`${sandbox.state}.lock`);
  const next = await makePass(worldOf(sandbox));

  assert.match(
    problemsOf(pass).join(),
    /^StateSaved: .* was lost to another process; intents stay in the spool/,
  );
  assert.equal([waiting, after], [1, before]);
  assert.ok(await isDropped('198.51.100.7'));
  assert.equal([problemsOf(next), next.claims, sandbox.waiting()], [[], 1, []]);
});

test('after it had saved commits nothing', async () => {
  await using sandbox = await Sandbox.open();
  const real = worldOf(sandbox);
  await makePass(real);
  const before = await sandbox.git('rev-parse', 'HEAD');
  sandbox.drop('web1', banText('198.51.100.7'));

  const pass = await makePass({
    ...real,
    spoolFiles: {
      ...real.spoolFiles,
      remove: (...file) => {
        takeAway(sandbox);
        return real.spoolFiles.remove(...file);
      },
    },
  });

  assert.match(problemsOf(pass).join(), /^Committed: .* was lost to another process$/);
  assert.is(await sandbox.git('rev-parse', 'HEAD'), before);
});

for (const [what, change] of [
  ['the repair that it made', () => iptables(['-F', 'fail2ban-sshd'])],
  [
    'what a policy changed that a person committed',
    async (sandbox: Sandbox) => {
      sandbox.writePolicy('deny: [{ net: 203.0.113.0/24 }]\n');
      await sandbox.git('commit', '--all', '--quiet', '--message', 'Deny');
    },
  ],
] as const) {
  test(`does not write ${what} into the history`, async () => {
    await using sandbox = await Sandbox.open();
    sandbox.drop('web1', banText('198.51.100.7'));
    let isLosing = false;
    const world = losingAtRules(sandbox, () => isLosing);
    const memory = freshMemory(world);
    sandbox.writePolicy('deny: []\n');
    await makePass(world, memory);
    isLosing = true;
    await change(sandbox);
    const before = await sandbox.git('rev-parse', 'HEAD');

    const pass = await makePass(world, memory);

    assert.match(problemsOf(pass).join(), /^Committed: .* was lost to another process$/);
    assert.is(await sandbox.git('rev-parse', 'HEAD'), before);
  });
}

interface Circumstances {
  readonly intake?: { readonly more?: boolean; readonly hasYielded?: boolean } | undefined;
  readonly isContended?: boolean;
  readonly hasChanged?: boolean;
  readonly mayLack?: boolean;
  readonly stuck?: readonly Problem[];
  readonly unpublished?: readonly Problem[];
}

/** Saves by keepers that can do anything; what was done, in order, and what came of it. */
async function saveBy(circumstances: Circumstances): Promise<{
  readonly done: readonly string[];
  readonly committed: CommitOptions | undefined;
  readonly saved: Saved;
}> {
  const { intake, isContended = false, hasChanged = false, mayLack = false, stuck = [] } = circumstances;
  const { unpublished = [] } = circumstances;
  let committed: CommitOptions | undefined;
  const done: string[] = [];
  const ledger = {
    early: { note: () => Promise.resolve() },
    hasChanged: () => Promise.resolve(hasChanged),
    takeOver: () => Promise.resolve([]),
    save: () => {
      done.push('save');
      return Promise.resolve(undefined);
    },
    commit: (options: CommitOptions) => {
      done.push('commit');
      committed = options;
      return Promise.resolve([]);
    },
  };
  const remove = (): readonly Problem[] => {
    done.push('remove');
    return stuck;
  };
  const fleet = {
    noteSaved: () => {
      done.push('note');
    },
    publish: () => {
      done.push('publish');
      return Promise.resolve(unpublished);
    },
  };
  const memory: unknown = {
    ledger,
    spool: { remove, inbox: { isContended } },
    fleet,
    escalator: new Escalator(),
  };
  const kept: unknown = {
    state: EMPTY_STATE,
    sent: [],
    moment: { now: 0, steady: 0 },
    intake: { files: [], more: false, hasYielded: false, ...intake },
    inputs: { mayLack, state: EMPTY_STATE },
  };
  const saved = await save(memory as Memory, kept as Parameters<typeof save>[1]);
  return { done, committed, saved };
}

const flood = suite('what a flood leaves behind');

flood(
  'is committed every two seconds, and where others speak after a pass for these, or every ten',
  async () => {
    const waitOf = async (intake: Circumstances['intake'], isContended: boolean): Promise<unknown> =>
      (await saveBy({ intake, isContended })).committed?.patience;

    assert.is(await waitOf({ more: true, hasYielded: false }, false), 2_000);
    assert.is(await waitOf({ more: true, hasYielded: true }, true), 2_000);
    assert.is(await waitOf({ more: true, hasYielded: false }, true), 10_000);
    assert.is(await waitOf({ more: false, hasYielded: false }, true), undefined);
  },
);

const saving = suite('what a pass concluded');

saving('is on disk before it is out of the spool, then told to peers, and then in git', async () => {
  const { done, saved } = await saveBy({});

  assert.equal(done, ['save', 'note', 'remove', 'publish', 'commit']);
  assert.equal(saved, { isOnDisk: true, removed: true, claimChanges: [], problems: [] });
});

saving('is not written where somebody edited the state meanwhile', async () => {
  const { done, saved } = await saveBy({ hasChanged: true });

  assert.equal(done, []);
  assert.equal(saved, { isOnDisk: false, removed: 'not yet', claimChanges: [], problems: [] });
});

saving('is kept though its files cannot be taken out of the spool, which is told', async () => {
  const stuck = [{ condition: 'SpoolReadable', reason: 'CannotRemove', message: 'it stays' }] as const;

  const { done, saved } = await saveBy({ stuck });

  assert.equal(done, ['save', 'note', 'remove', 'publish', 'commit']);
  assert.equal([saved.isOnDisk, saved.removed, saved.problems], [true, false, stuck]);
});

saving('is kept though peers cannot be told, which is a problem', async () => {
  const unpublished = [{ condition: 'FleetPublished', reason: 'WriteFailed', message: 'it stays' }] as const;

  const { saved } = await saveBy({ unpublished });

  assert.equal(saved, { isOnDisk: true, removed: true, claimChanges: [], problems: unpublished });
});

saving('goes to git with the word whether it was told that the history is lost', async () => {
  for (const mayLack of [true, false]) assert.is((await saveBy({ mayLack })).committed?.isLossTold, mayLack);
});

test.run();
flood.run();
saving.run();
