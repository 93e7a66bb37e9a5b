/** Promise 5: an older commit that is put in place lifts no ban, until somebody says that it is meant. */
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a state that was set back');

/** Two bans, each with a commit of its own. */
async function banTwice(sandbox: Sandbox): Promise<void> {
  for (const ip of ['198.51.100.7', '198.51.100.8']) {
    sandbox.drop('web1', banText(ip));
    await makePass(worldOf(sandbox));
  }
}

async function drops(): Promise<readonly string[]> {
  const rules = await iptablesRules();
  return rules.flatMap((rule) => /^-A fail2ban-sshd -s (\S+)\/32 -j DROP$/.exec(rule)?.[1] ?? []).sort();
}

const BOTH = ['198.51.100.7', '198.51.100.8'];

/** What a person may do, and how the message says that he goes back. */
const WAYS: Readonly<Record<string, { readonly back: string; readonly git: readonly string[] }>> = {
  'by a reset': { back: 'reset --keep [0-9a-f]{8}', git: ['reset', '--quiet', '--hard', 'HEAD~1'] },
  'by a checkout of an older commit': { back: 'checkout main', git: ['checkout', '--quiet', 'HEAD~1'] },
  'by a branch from an older commit': {
    back: 'checkout main',
    git: ['checkout', '--quiet', '-b', 'old', 'HEAD~1'],
  },
};

for (const [way, { back, git }] of Object.entries(WAYS)) {
  test(`${way} lifts nothing, and the way back is told`, async () => {
    await using sandbox = await Sandbox.open();
    await banTwice(sandbox);
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    await makePass(world, memory);
    await sandbox.git(...git);

    const failures: string[] = [];
    for (const kind of ['quick', 'full', 'quick'] as const) {
      // As the controller finds it, which hears of changed files.
      await memory.ledger.hasChanged();
      failures.push(String(await makePass(world, memory, kind).catch((error: unknown) => error)));
    }
    const plan = await sandbox.cli('plan');
    const dropped = await drops();
    const mend = /go back to it: git -C \S+ ([^;]+);/.exec(plan.stderr)?.[1] ?? '';
    await sandbox.git(...mend.split(' '));
    await memory.ledger.hasChanged();
    const pass = await makePass(world, memory, 'quick');

    for (const failure of failures) assert.match(failure, /is at a commit whose history lacks [0-9a-f]{8}/);
    assert.is(plan.code, 4);
    assert.match(mend, new RegExp(`^${back}$`));
    assert.equal(dropped, BOTH);
    assert.equal(pass.problems, []);
    assert.equal(await drops(), BOTH);
  });
}

test('lifts what it lacks once somebody says that it is meant', async () => {
  await using sandbox = await Sandbox.open();
  await banTwice(sandbox);
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  await sandbox.git('reset', '--quiet', '--hard', 'HEAD~1');
  await makePass(world, memory).catch(() => undefined);

  await sandbox.cli('accept');
  const pass = await makePass(world, memory, 'quick');
  const next = await makePass(worldOf(sandbox));

  assert.equal([pass.problems, next.problems], [[], []]);
  assert.equal(await drops(), ['198.51.100.7']);
});

test('to a commit on no branch goes on, once that is meant, on a branch that takes no commit away from the one before', async () => {
  await using sandbox = await Sandbox.open();
  await banTwice(sandbox);
  const before = await sandbox.git('rev-parse', 'main');
  await sandbox.git('checkout', '--quiet', 'HEAD~1');
  await sandbox.cli('accept');

  const told = await sandbox.cli('reconcile');
  const doctor = await sandbox.cli('doctor');
  const mend = /HEAD is detached.*\n +fix: (git .+)$/m.exec(doctor.stdout)?.[1] ?? 'false';
  await outputOf(['sh', '-c', mend]);
  const mended = await sandbox.cli('reconcile');
  const content = await sandbox.cli('doctor');

  assert.is(told.code, 1);
  assert.match(told.stderr, mend);
  assert.is(mended.code, 0, mended.stderr);
  assert.match(content.stdout, 'git can read the state');
  assert.is(await sandbox.git('rev-parse', 'main'), before);
});

test('since a backup was put in place lifts nothing', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  const backup = join(sandbox.folder, 'backup');
  cpSync(sandbox.state, backup, { recursive: true });
  await banTwice(sandbox);
  rmSync(sandbox.state, { recursive: true });
  renameSync(backup, sandbox.state);

  const failure = await makePass(worldOf(sandbox)).catch((error: unknown) => error);

  assert.match(String(failure), 'is at a commit whose history lacks');
  assert.equal(await drops(), BOTH);
});

test('to another history tells no way back that is none', async () => {
  await using sandbox = await Sandbox.open();
  await banTwice(sandbox);
  rmSync(join(sandbox.state, '.git'), { recursive: true });
  rmSync(join(sandbox.state, 'policy.yaml'));
  for (const words of ['init --quiet', 'commit --quiet --allow-empty --message other'])
    await sandbox.git(...words.split(' '));

  const plan = await sandbox.cli('plan');

  assert.match(plan.stderr, 'is at a commit whose history lacks');
  assert.match(plan.stderr, 'hint: restore the repository that has it; or, to accept');
  assert.equal(await drops(), BOTH);
});

test('is none where a person words or joins commits otherwise, or reverts one', async () => {
  await using sandbox = await Sandbox.open();
  await banTwice(sandbox);

  await sandbox.git('commit', '--quiet', '--amend', '--message', 'two bans');
  const amended = await makePass(worldOf(sandbox));
  await sandbox.git('reset', '--quiet', '--soft', 'HEAD~1');
  await sandbox.git('commit', '--quiet', '--amend', '--message', 'all in one');
  const joined = await makePass(worldOf(sandbox));
  const dropped = await drops();
  sandbox.drop('web1', banText('198.51.100.9'));
  await makePass(worldOf(sandbox));
  await sandbox.git('revert', '--no-edit', 'HEAD');
  const reverted = await makePass(worldOf(sandbox));

  for (const pass of [amended, joined, reverted]) assert.equal(pass.problems, []);
  assert.equal(dropped, BOTH);
  assert.equal(await drops(), BOTH);
});

test.run();
