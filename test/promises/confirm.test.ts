/** What is tried goes back by itself unless it is confirmed, whoever dies meanwhile. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('what is tried');

const NET = '203.0.113.0/24';
const DENIED = '192.0.2.0/24';
const LONG_MS = 3600_000;

async function isDropped(net: string): Promise<boolean> {
  return (await iptablesRules()).some((rule) => rule.endsWith(`-s ${net} -j DROP`));
}

/** Tries a ban and a policy for an hour. */
async function tryBoth(sandbox: Sandbox, time = '1h'): Promise<void> {
  const file = join(sandbox.folder, 'new.yaml');
  writeFileSync(file, `deny:\n  - { net: ${DENIED} }\n`);
  for (const words of [
    ['ban', NET, '--for', '1d', '--confirm', time],
    ['policy', 'apply', file, '--confirm', time],
  ]) {
    const ran = await sandbox.cli(...words);
    assert.is(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, 'banspool: hint: banspool confirm keeps it');
  }
}

async function dropped(): Promise<readonly boolean[]> {
  return [await isDropped(NET), await isDropped(DENIED)];
}

test('counts, is committed and told, and goes back with the first pass after its time, by whatever process', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  await sandbox.cli('reconcile');
  await tryBoth(sandbox);

  await sandbox.cli('reconcile');
  const [during, status, tried] = [
    await dropped(),
    await sandbox.cli('status'),
    await sandbox.git('show', '--stat', 'HEAD', 'HEAD~1'),
  ];
  // Nobody who began it lives: this is the timer's pass, an hour later.
  await makePass(worldOf(sandbox, { now: () => Date.now() + LONG_MS }));
  const [history, subjects] = [await sandbox.cli('history'), await sandbox.git('log', '--format=%s')];

  assert.equal(
    [during, await dropped()],
    [
      [true, true],
      [false, false],
    ],
  );
  assert.match(status.stdout, /^tried {7}the ban of 203\.0\.113\.0\/24 in manual until .* goes back at .*$/m);
  assert.match(status.stdout, /^tried {7}the policy: goes back at .* unless you say banspool confirm$/m);
  assert.match(tried, /policy\.trial\.yaml/);
  assert.match(subjects, `end ${NET} in manual for local: nobody confirmed it\n`);
  assert.match(
    history.stdout,
    /ban 203\.0\.113\.0\/24 in manual for local until .*, until .* once confirmed /,
  );
  assert.match(history.stdout, /policy taken back[^]*policy tried until /);
  assert.not(existsSync(join(sandbox.state, 'policy.trial.yaml')));
  assert.is(await sandbox.git('show', 'HEAD:policy.yaml'), '{}\n');
});

test('goes back in time though the controller was killed and another was started in between', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  const first = await sandbox.startController();
  await tryBoth(sandbox, '15s');
  await eventually(async () => {
    assert.equal(await dropped(), [true, true]);
  });
  first.process.kill('SIGKILL');
  await first.ended;

  await sandbox.startController();

  await eventually(async () => {
    assert.equal(await dropped(), [false, false]);
  }, 40_000);
  await eventually(() => {
    assert.not(existsSync(join(sandbox.state, 'policy.trial.yaml')));
  });
});

test('is told to be too late to confirm where its time is over and no pass has taken it back', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  const controller = await sandbox.startController();
  await tryBoth(sandbox, '15s');
  await eventually(async () => {
    assert.equal(await dropped(), [true, true]);
  });
  controller.process.kill('SIGKILL');
  await controller.ended;

  await eventually(async () => {
    const why = await sandbox.cli('why', '203.0.113.7');
    assert.match(why.stdout, 'should not be dropped any more, and is on all ports: nobody makes a pass: ');
  }, 40_000);
  await eventually(async () => {
    const late = await sandbox.cli('confirm');
    assert.is(late.code, 1);
    assert.match(
      late.stderr,
      /too late to confirm: the ban of 203\.0\.113\.0\/24 at .*, the policy at .* ran out; nobody makes a pass: /,
    );
  }, 40_000);
  const { stdout: status } = await sandbox.cli('status');
  await sandbox.cli('reconcile');
  const after = await sandbox.cli('confirm');

  assert.match(status, /^tried .*: ran out at .*, and goes back with the next pass$/m);
  assert.not.match(status, 'unless you say banspool confirm');
  assert.equal(await dropped(), [false, false]);
  assert.match(after.stderr, 'nothing waits to be confirmed\n');
});

test('goes back by one controller at its moment, without being told anything', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  let ahead = 0;
  const world = worldOf(sandbox, { now: () => Date.now() + ahead });
  const memory = freshMemory(world);
  await makePass(world, memory);
  await tryBoth(sandbox);

  const { nextDue } = await makePass(world, memory, 'quick');
  const during = await dropped();
  assert.ok(nextDue <= Date.now() + LONG_MS);
  ahead = LONG_MS;
  await makePass(world, memory, 'quick');
  await makePass(world, memory, 'quick');

  assert.equal(
    [during, await dropped()],
    [
      [true, true],
      [false, false],
    ],
  );
  assert.equal(
    (await sandbox.git('log', '-2', '--format=%s')).trim().split('\n').sort(),
    [
      'Take back the policy that nobody confirmed',
      `end ${NET} in manual for local: nobody confirmed it`,
    ].sort(),
  );
});

test('stays for its whole length once it is confirmed, and can be confirmed once', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  await tryBoth(sandbox);
  await sandbox.cli('reconcile');

  const confirmed = await sandbox.cli('confirm');
  await sandbox.cli('reconcile');
  const again = await sandbox.cli('confirm');
  await makePass(worldOf(sandbox, { now: () => Date.now() + LONG_MS }));

  assert.is(confirmed.code, 0, confirmed.stderr);
  assert.match(
    confirmed.stderr,
    /^banspool: ban of 203\.0\.113\.0\/24 until .* is confirmed; .*\nbanspool: the policy is confirmed: /,
  );
  assert.is(again.code, 1);
  assert.match(again.stderr, 'error: nothing waits to be confirmed\n');
  assert.equal(await dropped(), [true, true]);
  assert.match(await sandbox.git('show', 'HEAD:policy.yaml'), DENIED);
});

test('is not written over an edit that was made meanwhile, which check says when it counts', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  await sandbox.cli('reconcile');
  await tryBoth(sandbox);
  const edit = 'allow:\n  - { net: 198.51.100.0/24 }\n';
  const before = await sandbox.cli('check');

  sandbox.writePolicy(edit);
  const [check, confirmed] = [await sandbox.cli('check'), await sandbox.cli('confirm')];

  for (const { code, stdout } of [before, check]) {
    assert.is(code, 0);
    assert.match(stdout, /policy\.yaml: counts from .*: another policy is tried until then/);
  }
  assert.is(confirmed.code, 1);
  assert.match(confirmed.stderr, /policy\.yaml was edited since the other policy is tried/);
  assert.match(confirmed.stderr, 'banspool: hint: put both into one file, and banspool policy apply it');
  assert.is(readFileSync(join(sandbox.state, 'policy.yaml'), 'utf8'), edit);
  assert.ok(existsSync(join(sandbox.state, 'policy.trial.yaml')));
});

test('is confirmed where policy.yaml holds the same already, as after a confirm that was killed', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  await sandbox.cli('reconcile');
  await tryBoth(sandbox);
  sandbox.writePolicy(`deny:\n  - { net: ${DENIED} }\n`);

  const { code, stderr } = await sandbox.cli('confirm');

  assert.is(code, 0, stderr);
  assert.not(existsSync(join(sandbox.state, 'policy.trial.yaml')));
});

test('does not take away what stood before, which lasts longer', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.cli('ban', NET);
  await sandbox.cli('ban', NET, '--confirm', '1h');
  await sandbox.cli('reconcile');

  await makePass(worldOf(sandbox, { now: () => Date.now() + LONG_MS }));
  const late = await sandbox.cli('confirm');

  assert.ok(await isDropped(NET));
  assert.is(late.code, 1, late.stderr);
});

test('is let drop who is logged in, with a warning', async () => {
  const env = { SSH_CONNECTION: '203.0.113.7 50022 192.0.2.1 22' };
  for (const command of ['ban', 'policy']) {
    await using sandbox = await Sandbox.open();
    const file = join(sandbox.folder, 'new.yaml');
    writeFileSync(file, `deny:\n  - { net: ${NET} }\n`);
    const words = command === 'ban' ? ['ban', NET] : ['policy', 'apply', file];

    const refused = await runProgram(sandbox.command(...words), { env });
    const tried = await runProgram(sandbox.command(...words, '--confirm', '2m'), { env });

    assert.is(refused.code, 1);
    assert.match(
      refused.stderr,
      /drops 203\.0\.113\.7, from where you are logged in\nbanspool: hint: with --confirm 2m/,
    );
    assert.is(tried.code, 0, tried.stderr);
    assert.match(tried.stderr, /warning: .* drops 203\.0\.113\.7, from where you are logged in\n/);
  }
});

test('is no policy that cannot be read', async () => {
  await using sandbox = await Sandbox.open();
  const file = join(sandbox.folder, 'new.yaml');
  writeFileSync(file, 'deny:\n  - { nett: 192.0.2.0/24 }\n');

  const ran = await sandbox.cli('policy', 'apply', file, '--confirm', '2m');

  assert.is(ran.code, 2);
  assert.match(ran.stderr, `error: ${file}:2: net is missing\nbanspool: hint: nothing was changed\n`);
  assert.not(existsSync(join(sandbox.state, 'policy.trial.yaml')));
});

test.run();
