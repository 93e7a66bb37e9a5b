/** What is tried goes back by itself unless it is confirmed, whoever dies meanwhile. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { eventually } from '../support/eventually.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { dropped, LONG_MS, NET, tryBoth } from '../support/try-both.ts';

const test = suite('what is tried');

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
  assert.match(status.stdout, /^tried {7}the ban of 203\.0\.113\.0\/24 in manual: undone at .*$/m);
  assert.match(status.stdout, /^tried {7}the policy: undone at .* unless banspool confirm keeps it$/m);
  assert.match(tried, /policy\.trial\.yaml/);
  assert.match(subjects, `end ${NET} in manual by local: it was not confirmed\n`);
  assert.match(history.stdout, /ban 203\.0\.113\.0\/24 in manual by local for .*, until .* once confirmed /);
  assert.match(history.stdout, /policy reverted[^]*policy tried until /);
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
    // Written a moment after the rules: what a killed controller did not write, status cannot know.
    assert.is((await sandbox.cli('status')).stdout.match(/unless banspool confirm/g)?.length, 2);
  });
  controller.process.kill('SIGKILL');
  await controller.ended;

  await eventually(async () => {
    const why = await sandbox.cli('why', '203.0.113.7');
    assert.match(why.stdout, 'should no longer be dropped, but is on all ports: no pass is due: ');
  }, 40_000);
  // The policy was tried a moment later: until then it could be confirmed.
  let status = '';
  await eventually(async () => {
    status = (await sandbox.cli('status')).stdout;
    assert.not.match(status, 'unless banspool confirm');
  }, 40_000);
  const late = await sandbox.cli('confirm');
  await sandbox.cli('reconcile');
  const after = await sandbox.cli('confirm');

  assert.match(status, /^tried .*: expired at .*; the next pass undoes it$/m);
  assert.is(late.code, 1);
  assert.match(
    late.stderr,
    /too late to confirm: the ban of 203\.0\.113\.0\/24 expired at .*, the policy expired at .*; no pass is due: /,
  );
  assert.equal(await dropped(), [false, false]);
  assert.match(after.stderr, 'nothing is waiting for confirmation\n');
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
    ['Revert the unconfirmed policy', `end ${NET} in manual by local: it was not confirmed`].sort(),
  );
});

test('does not take away what stood before, which lasts longer', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.cli('ban', NET);
  await sandbox.cli('ban', NET, '--confirm', '1h');
  await sandbox.cli('reconcile');

  await makePass(worldOf(sandbox, { now: () => Date.now() + LONG_MS }));
  const late = await sandbox.cli('confirm');

  assert.equal(await dropped(), [true, false]);
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
      /drops 203\.0\.113\.7, from which you are logged in\nbanspool: hint: use --confirm 2m/,
    );
    assert.is(tried.code, 0, tried.stderr);
    assert.match(tried.stderr, /warning: .* drops 203\.0\.113\.7, from which you are logged in\n/);
  }
});

test.run();
