import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Problem } from '../../src/domain/conditions.ts';
import { diffStates } from '../../src/claims/diff.ts';
import type { State } from '../../src/claims/state.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerWorld } from '../../src/ledger/ledger-world.ts';
import { ban, heard, IP, millis, tell, then, unban } from '../claims/said.ts';
import { git, ledgerSuite, pass, write } from './ledger-suite.ts';

const committing = ledgerSuite('commits');

const BANNED = heard(5, ban(1, 600));
const OTHER = '203.0.113.8';

const subjects = (world: LedgerWorld): readonly string[] =>
  git(world, 'log', '--format=%s').trim().split('\n').reverse().slice(1);

interface Clock {
  readonly world: LedgerWorld;
  now: number;
}

function clocked(world: LedgerWorld): Clock {
  const clock = { now: millis(10), world: { ...world, now: (): number => clock.now } };
  return clock;
}

/** A pass that need not commit all; its problems. */
async function quickPass(mine: Ledger, state: State, patience?: number): Promise<readonly unknown[]> {
  return mine.whileHeld(0, async () => {
    const since = mine.state;
    await mine.save(state);
    const saved = { state, since, claimChanges: diffStates(since, state, millis(10)) };
    return mine.commit({ ...saved, commitAll: false, patience, isLossTold: false });
  });
}

committing('tell of a ban at once, and of what bans nobody after a minute', async ({ world: real }) => {
  const clock = clocked(real);
  const mine = new Ledger(clock.world);
  await pass(mine, BANNED);
  const lifted = then(BANNED, 20, unban(19));
  await quickPass(mine, lifted);
  clock.now += 60_000;
  const started = then(lifted, 20, tell('start', 20, { ports: '22' }));
  await quickPass(mine, started);
  clock.now += 59_999;
  await quickPass(mine, started);
  const soon = subjects(clock.world);
  clock.now += 1;

  await quickPass(mine, started);

  assert.equal(soon, [`end ${IP} in sshd by web1: the server unbanned it`]);
  assert.is(subjects(clock.world).length, 2);
  assert.is(git(clock.world, 'status', '--porcelain'), '');
});

committing('of a flood wait for each other as long as they may', async ({ world: real }) => {
  const clock = clocked(real);
  const mine = new Ledger(clock.world);
  await pass(mine, heard(0));
  await quickPass(mine, BANNED, 1_000);
  const both = then(BANNED, 6, ban(6, 600, { ip: OTHER }));
  clock.now += 999;
  await quickPass(mine, both, 1_000);
  const waiting = subjects(clock.world);
  clock.now += 1;

  await quickPass(mine, both, 1_000);

  assert.equal(waiting, []);
  assert.equal(subjects(clock.world), ['ban 2 (web1)']);
  const told = git(clock.world, 'log', '-1', '--format=%b');
  assert.match(told, new RegExp(`ban ${IP} in sshd .*\nban ${OTHER} in sshd `));
});

committing('tell what a pass says that it changed, and no other difference', async ({ world }) => {
  const mine = new Ledger(world);
  await pass(mine, heard(0));
  const told = then(BANNED, 6, ban(6, 600, { ip: OTHER }));
  const claimChanges = diffStates(heard(0), told, millis(10));

  await mine.whileHeld(0, async () => {
    const since = mine.state;
    await mine.save(BANNED);
    const saved = { state: BANNED, since, claimChanges };
    return mine.commit({ ...saved, commitAll: false, patience: undefined, isLossTold: false });
  });

  assert.equal(subjects(world), ['ban 2 (web1)']);
});

committing('tell what changed since the last commit, where git failed between', async ({ world: real }) => {
  let fails = false;
  const run: LedgerWorld['run'] = (file, args, options) =>
    fails && args.includes('commit')
      ? Promise.reject(new Error('git is ill'))
      : real.run(file, args, options);
  const world = { ...real, run };
  const mine = new Ledger(world);
  await pass(mine, heard(0));
  fails = true;
  const problems = await quickPass(mine, BANNED);
  fails = false;

  await quickPass(mine, then(BANNED, 6, ban(6, 600, { ip: OTHER })));

  assert.is(problems.length, 1);
  assert.equal(subjects(world), ['ban 2 (web1)']);
});

committing('keep what a person edited apart from what a pass does', async ({ world }) => {
  const mine = new Ledger(world);
  await pass(mine, BANNED);
  write(world, { 'policy.yaml': 'allow: [{ net: 198.51.100.7 }]\n' });

  await pass(mine, then(BANNED, 6, unban(6)));

  assert.equal(subjects(world), ['Commit manual edits', `end ${IP} in sshd by web1: the server unbanned it`]);
  assert.match(git(world, 'show', '--format=', '--name-only', 'HEAD~1'), /^policy.yaml\n$/);
});

committing('of a successor tell nothing again that its predecessor told', async ({ world }) => {
  await pass(new Ledger(world), heard(0));
  await pass(new Ledger(world), BANNED);

  await pass(new Ledger(world), then(BANNED, 6, ban(6, 600, { ip: OTHER })));

  assert.is(subjects(world).length, 2);
  assert.match(subjects(world)[1] ?? '', `ban ${OTHER} in sshd`);
});

committing('of an edit of the policy tell what that changed, and no other does', async ({ world }) => {
  const mine = new Ledger(world);
  await pass(mine, BANNED);
  write(world, { 'policy.yaml': 'allow: [{ net: 198.51.100.7 }]\n' });
  mine.notes.add({ repairs: [], policyLines: ['policy: lifts 198.51.100.7'] });

  await pass(mine, BANNED);
  await pass(mine, BANNED);

  assert.equal(subjects(world), ['Commit manual edits']);
  assert.match(git(world, 'log', '-1', '--format=%b'), 'policy: lifts 198.51.100.7');
});

committing('of a successor begin with what its predecessor left', async ({ world }) => {
  await pass(new Ledger(world), BANNED);
  write(world, { 'servers/mail.yaml': '- { "jail": "sshd" }\n' });

  await pass(new Ledger(world), BANNED);

  assert.is(subjects(world)[0], 'Commit files that were uncommitted at startup');
});

committing('leave out a policy that is damaged, and take it when it is mended', async ({ world }) => {
  const mine = new Ledger(world);
  await pass(mine, BANNED);
  const policy = join(world.config.state, 'policy.yaml');
  writeFileSync(policy, 'allow: [\n');
  await pass(mine, then(BANNED, 6, unban(6)));
  const damaged = git(world, 'show', 'HEAD:policy.yaml');
  writeFileSync(policy, 'deny: []\n');

  await pass(mine, then(BANNED, 6, unban(6)));

  assert.is(damaged, 'allow: []\n');
  assert.is(git(world, 'show', 'HEAD:policy.yaml'), 'deny: []\n');
});

committing(
  'go on in a pass that finds a lock that a killed git left, and wait for one that is held',
  async ({ world }) => {
    let isHeld = true;
    const mine = new Ledger({ ...world, mayBeHeld: () => isHeld });
    await pass(mine, heard(0));
    const lock = join(world.config.state, '.git/index.lock');
    writeFileSync(lock, '');

    const held = await quickPass(mine, BANNED);
    isHeld = false;
    const left = await quickPass(mine, BANNED);

    assert.is(held.length > 0, true);
    assert.equal(left, []);
    assert.match(subjects(world).join(), `ban ${IP}`);
  },
);

committing(
  'wait for the next pass where another process took the lock meanwhile',
  async ({ world: real }) => {
    let isLost = false;
    const takeLock: LedgerWorld['takeLock'] = async (...where) => {
      const lock = await real.takeLock(...where);
      const check = (): void => {
        if (isLost) throw new Error('the lock is lost');
        lock.check();
      };
      return { ...lock, check };
    };
    const mine = new Ledger({ ...real, takeLock });
    await pass(mine, heard(0));
    mine.notes.add({ repairs: ['ipv4: put back a rule'], policyLines: [] });
    await mine.whileHeld(0, async () => {
      await mine.save(BANNED);
      isLost = true;
      const saved = { state: BANNED, since: heard(0), claimChanges: [] };
      return mine.commit({ ...saved, commitAll: true, patience: undefined, isLossTold: false });
    });
    const meanwhile = subjects(real);
    isLost = false;

    await quickPass(mine, BANNED);

    assert.equal(meanwhile, []);
    assert.match(subjects(real).join(), new RegExp(`^ban ${IP} .*,Repair changes by another program$`));
  },
);

committing('that are on no branch are a problem: who goes back to one loses them', async ({ world }) => {
  const mine = new Ledger(world);
  await pass(mine, BANNED);
  git(world, 'checkout', '--quiet', '--detach');

  const problems = await pass(mine, then(BANNED, 6, unban(6)));

  assert.equal(
    problems.map((each) => (each as Problem).reason),
    ['Detached'],
  );
});

committing.run();
