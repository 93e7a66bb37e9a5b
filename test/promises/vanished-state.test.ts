/** Promise 5: no ban is lifted, and nobody new is dropped, because the state that said so is not there. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { eventually } from '../support/eventually.ts';
import { clearFirewall, iptablesRules } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a state that is gone');

const POLICY = 'allow:\n  - { net: 192.0.2.0/24, note: office }\n';

/** One ban that stands, and an office that is allowed. */
async function begin(sandbox: Sandbox): Promise<void> {
  mkdirSync(sandbox.state, { recursive: true });
  writeFileSync(join(sandbox.state, 'policy.yaml'), POLICY);
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
}

async function failureOf(sandbox: Sandbox): Promise<string> {
  return makePass(worldOf(sandbox)).then(
    () => 'the pass went on',
    (error: unknown) => String(error),
  );
}

async function drops(): Promise<readonly string[]> {
  const rules = await iptablesRules();
  return rules.flatMap((rule) => /^-A fail2ban-sshd -s (\S+)\/32 -j DROP$/.exec(rule)?.[1] ?? []).sort();
}

test('while the controller runs is damage: what stands stays, and what comes waits until it is back', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  const controller = await sandbox.startController();
  renameSync(sandbox.state, `${sandbox.state}.away`);

  sandbox.drop('web1', banText('192.0.2.9'));
  sandbox.drop('web1', unbanText('198.51.100.7'));
  await eventually(() => {
    const readable = sandbox.status().conditions.find(({ type }) => type === 'StateReadable');
    assert.match(readable?.message ?? '', `${sandbox.state} is missing, and it contained the state before`);
  });
  const status = await sandbox.cli('status');
  const doctor = await sandbox.cli('doctor');
  const dropped = await drops();
  const waiting = sandbox.waiting().length;
  renameSync(`${sandbox.state}.away`, sandbox.state);
  await eventually(() => {
    assert.equal(sandbox.waiting(), []);
  });

  assert.is(status.code, 5);
  for (const text of [status.stdout, controller.stderr])
    assert.match(
      text,
      'is missing, and it contained the state before; fix: restore it, or mount it; to start over',
    );
  assert.match(doctor.stdout, 'restore it, or mount it');
  assert.not.match(doctor.stdout, `${sandbox.state} does not exist yet`);
  assert.equal(dropped, ['198.51.100.7']);
  assert.is(waiting, 2);
  assert.equal(await drops(), []);
});

test('at a start is damage too, until somebody says that it is to begin anew: then what stands is adopted', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  rmSync(sandbox.state, { recursive: true });
  mkdirSync(sandbox.state);
  sandbox.drop('web1', banText('192.0.2.9'));
  const rules = await iptablesRules();

  const failure = await failureOf(sandbox);
  const plan = await sandbox.cli('plan');
  const ban = await sandbox.cli('ban', '203.0.113.9');
  const left = readdirSync(sandbox.state);
  const rulesThen = await iptablesRules();
  writeFileSync(join(sandbox.state, 'policy.yaml'), POLICY);
  const accepted = await sandbox.cli('accept');
  const pass = await makePass(worldOf(sandbox));

  assert.match(failure, `${sandbox.state} contains no state, and it contained the state before`);
  assert.is(plan.code, 4);
  assert.match(plan.stderr, 'banspool accept');
  assert.is(ban.code, 4);
  assert.equal(left, []);
  assert.equal(rulesThen, rules);
  assert.is(accepted.code, 0, accepted.stderr);
  assert.equal(pass.problems, []);
  assert.equal(await drops(), ['198.51.100.7']);
  assert.match(await sandbox.git('log', '--format=%B'), 'by adopted');
});

for (const isRunning of [false, true]) {
  test(`since an empty repository stands in its place is missed${isRunning ? ' by who knew it' : ''}, and begins anew likewise`, async () => {
    await using sandbox = await Sandbox.open();
    await begin(sandbox);
    const world = worldOf(sandbox);
    const known = freshMemory(world);
    await makePass(world, known);
    rmSync(sandbox.state, { recursive: true });
    await outputOf(['git', 'init', '--quiet', sandbox.state]);
    const memory = isRunning ? known : freshMemory(world);

    const failed = await makePass(world, memory).catch((error: unknown) => error);
    const plan = await sandbox.cli('plan');
    await sandbox.cli('accept');
    const pass = await makePass(world, memory);

    assert.match(String(failed), `${sandbox.state} contains no state, and it contained the state before`);
    assert.not.match(plan.stderr, 'reset');
    assert.equal(pass.problems, []);
    assert.equal(await drops(), ['198.51.100.7']);
    assert.match(await sandbox.git('log', '--format=%B'), 'by adopted');
  });
}

test('that a running controller misses begins anew as well, once somebody says so', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  rmSync(sandbox.state, { recursive: true });
  const failed = await makePass(world, memory).catch((error: unknown) => error);
  await sandbox.cli('accept');
  sandbox.drop('web1', banText('198.51.100.8'));

  const pass = await makePass(world, memory, 'quick');

  assert.match(String(failed), 'is missing, and it contained the state before');
  assert.equal(pass.problems, []);
  assert.equal(await drops(), ['198.51.100.7', '198.51.100.8']);
});

test('since its disk is not mounted is damage, and nothing is written where that is mounted', async () => {
  await using sandbox = await Sandbox.open();
  const disk = join(sandbox.folder, 'disk');
  for (const folder of [disk, sandbox.state]) mkdirSync(folder);
  await outputOf(['mount', '--bind', disk, sandbox.state]);
  await begin(sandbox);
  await outputOf(['umount', sandbox.state]);

  const failure = await failureOf(sandbox);
  const left = readdirSync(sandbox.state);
  await outputOf(['mount', '--bind', disk, sandbox.state]);
  const pass = await makePass(worldOf(sandbox));
  await outputOf(['umount', sandbox.state]);

  assert.match(failure, `${sandbox.state} contains no state, and it contained the state before`);
  assert.equal(left, []);
  assert.equal(pass.problems, []);
  assert.equal(await drops(), ['198.51.100.7']);
});

test('with all that stood beside it is missed as long as the rules can stand', async () => {
  await using sandbox = await Sandbox.open();
  const lib = join(sandbox.folder, 'lib');
  sandbox.moveState(join(lib, 'state'));
  await begin(sandbox);
  rmSync(lib, { recursive: true });
  mkdirSync(lib);

  assert.match(await failureOf(sandbox), `${sandbox.state} is missing, and it contained the state before`);
  assert.equal(await drops(), ['198.51.100.7']);
});

test('since the config names another folder is missed: the bans that stand are of the one before', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  const before = sandbox.state;
  sandbox.moveState(join(sandbox.folder, 'sate'));

  assert.match(await failureOf(sandbox), `${sandbox.state} is missing, and the state was in ${before}`);
  assert.equal(await drops(), ['198.51.100.7']);
});

test('is no reason to stop where it was moved, and the config says so', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  const moved = join(sandbox.folder, 'elsewhere/state');
  mkdirSync(dirname(moved));
  renameSync(sandbox.state, moved);
  sandbox.moveState(moved);

  const pass = await makePass(worldOf(sandbox));

  assert.equal(pass.problems, []);
  assert.equal(await drops(), ['198.51.100.7']);
});

test('in part, with git, is damage to the controller that knew it', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  sandbox.drop('web1', banText('203.0.113.7'));
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  rmSync(join(sandbox.state, '.git'), { recursive: true });
  rmSync(join(sandbox.state, 'claims/ipv4/198.yaml'));

  const failed = await makePass(world, memory).catch((error: unknown) => error);

  assert.match(String(failed), `files of ${sandbox.state} and its .git are missing`);
  assert.equal(await drops(), ['198.51.100.7', '203.0.113.7']);
});

for (const [way, { arrange, what }] of Object.entries({
  'is gone': { arrange: () => Promise.resolve(''), what: 'is missing' },
  'is gone, and an empty one made in its place': {
    arrange: (folder: string) => outputOf(['git', 'init', '--quiet', folder]),
    what: 'contains no commit',
  },
})) {
  for (const isRunning of [false, true]) {
    test(`in its history alone, which ${way}, is told ${isRunning ? 'by who knew it' : 'at a start'}, and no other is begun until somebody says so`, async () => {
      await using sandbox = await Sandbox.open();
      await begin(sandbox);
      const world = worldOf(sandbox);
      const known = freshMemory(world);
      await makePass(world, known);
      const git = join(sandbox.state, '.git');
      renameSync(git, `${sandbox.state}.git`);
      await arrange(sandbox.state);
      sandbox.drop('web1', banText('198.51.100.8'));
      const memory = isRunning ? known : freshMemory(world);

      const found = await makePass(world, memory, isRunning ? 'quick' : 'full');
      const next = await makePass(world, memory);
      const doctor = await sandbox.cli('doctor');
      await sandbox.cli('accept');
      const accepted = await makePass(world, memory);

      for (const { problems } of [found, next]) {
        assert.equal(
          problems.map(({ reason }) => reason),
          ['HistoryLost'],
        );
        assert.match(problems[0]?.message ?? '', `${git} ${what}, and the history`);
        assert.match(problems[0]?.message ?? '', 'restore it, or, to start a new history: banspool accept');
      }
      assert.match(doctor.stdout, `bad   ${git} ${what}`);
      assert.equal(accepted.problems, []);
      assert.equal(await drops(), ['198.51.100.7', '198.51.100.8']);
      assert.match(await sandbox.git('log', '--format=%s', '--', 'claims'), /^\S/);
    });
  }
}

test('in its history alone goes on where that is brought back', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  const git = join(sandbox.state, '.git');
  renameSync(git, `${sandbox.state}.git`);
  sandbox.drop('web1', banText('198.51.100.8'));
  await makePass(world, memory, 'quick');
  const waiting = sandbox.waiting();
  renameSync(`${sandbox.state}.git`, git);

  const pass = await makePass(world, memory);

  assert.equal(waiting, []);
  assert.equal(pass.problems, []);
  assert.match(await sandbox.git('log', '-1', '--format=%B'), '198.51.100.8');
  assert.match(await sandbox.git('log', '--format=%B'), '198.51.100.7');
});

test('in its history and its policy stops the pass: nobody knows whom that allows', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  rmSync(join(sandbox.state, '.git'), { recursive: true });
  rmSync(join(sandbox.state, 'policy.yaml'));
  sandbox.drop('web1', banText('192.0.2.9'));

  assert.match(await failureOf(sandbox), /a state file is missing, .*\.git is missing/);
  assert.equal(await drops(), ['198.51.100.7']);
});

test('is no first start after a reboot either: nobody is dropped whom its policy would have allowed', async () => {
  await using sandbox = await Sandbox.open();
  await begin(sandbox);
  rmSync(sandbox.state, { recursive: true });
  await clearFirewall();
  sandbox.drop('web1', banText('192.0.2.9'));

  assert.match(await failureOf(sandbox), 'is missing, and it contained the state before');
  assert.equal(await drops(), []);
});

test.run();
