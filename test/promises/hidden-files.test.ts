/**
 * What a person does with the state's git beside us: nothing of the state is lost of it, or goes uncommitted, in
 * silence.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { Child } from '../support/child.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a state that git was told not to look at');

const CLAIMS = 'claims/ipv4/198.yaml';

async function drops(): Promise<readonly string[]> {
  const rules = await iptablesRules();
  return rules.flatMap((rule) => /^-A fail2ban-sshd -s (\S+)\/32 -j DROP$/.exec(rule)?.[1] ?? []).sort();
}

/** Runs the command of git's that a message names. */
async function mendAsTold(message: string): Promise<void> {
  await outputOf(['sh', '-c', /restore (?:it|them): ([^;]+);/.exec(message)?.[1] ?? 'false']);
}

for (const bit of ['--skip-worktree', '--assume-unchanged']) {
  test(`by ${bit} misses a file that is gone, and the way back that is told works`, async () => {
    await using sandbox = await Sandbox.open();
    sandbox.drop('web1', banText('198.51.100.7'));
    await makePass(worldOf(sandbox));
    await sandbox.git('update-index', bit, CLAIMS);
    rmSync(join(sandbox.state, CLAIMS));

    const failure = await makePass(worldOf(sandbox)).catch((error: unknown) => error);
    const dropped = await drops();
    const { stderr } = await sandbox.cli('plan');
    await mendAsTold(stderr);
    const pass = await makePass(worldOf(sandbox));

    assert.match(String(failure), `${CLAIMS} is missing, but git has it`);
    assert.equal(dropped, ['198.51.100.7']);
    assert.equal(pass.problems, []);
    assert.equal(await drops(), ['198.51.100.7']);
  });

  test(`by ${bit} is committed all the same, by a controller that runs`, async () => {
    await using sandbox = await Sandbox.open();
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    sandbox.drop('web1', banText('198.51.100.7'));
    await makePass(world, memory);
    await sandbox.git('update-index', bit, CLAIMS);
    sandbox.drop('web1', banText('198.51.100.8'));
    await makePass(world, memory, 'quick');

    const pass = await makePass(world, memory);

    assert.equal(pass.problems, []);
    assert.match(await sandbox.git('show', `HEAD:${CLAIMS}`), '198.51.100.8');
    assert.is(await sandbox.git('status', '--porcelain'), '');
  });
}

test('by a sparse checkout misses what that took away', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  await sandbox.git('sparse-checkout', 'set', '--no-cone', '/policy.yaml');

  const failure = await makePass(worldOf(sandbox)).catch((error: unknown) => error);
  const { stderr } = await sandbox.cli('plan');
  for (let told = stderr; told.includes('restore it'); told = (await sandbox.cli('plan')).stderr)
    await mendAsTold(told);
  sandbox.drop('web1', banText('203.0.113.7'));
  const pass = await makePass(worldOf(sandbox));

  assert.match(String(failure), /claims\/ipv4\/198.yaml .*missing, but git has (it|them)$/);
  assert.equal(pass.problems, []);
  assert.equal(await drops(), ['198.51.100.7', '203.0.113.7']);
  assert.match(await sandbox.git('show', 'HEAD:claims/ipv4/203.yaml'), '203.0.113.7');
});

for (const [file, pattern] of [
  ['.gitignore', 'claims/'],
  ['.gitignore', '*.yaml'],
  ['claims/.gitignore', '*'],
  ['.git/info/exclude', '203.yaml'],
] as const)
  test(`by ${pattern} in ${file} is committed all the same`, async () => {
    await using sandbox = await Sandbox.open();
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    sandbox.drop('web1', banText('198.51.100.7'));
    await makePass(world, memory);
    writeFileSync(join(sandbox.state, file), `${pattern}\n`);
    sandbox.drop('web1', banText('203.0.113.7'));
    await makePass(world, memory, 'quick');

    const pass = await makePass(world, memory);

    assert.equal(pass.problems, []);
    assert.match(await sandbox.git('show', 'HEAD:claims/ipv4/203.yaml'), '203.0.113.7');
  });

test('what an editor leaves beside a file stays ignored', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  for (const name of ['.policy.yaml.swp', 'policy.yaml~', '.#policy.yaml', '#policy.yaml#', 'notes.log'])
    writeFileSync(join(sandbox.state, name), 'x');
  writeFileSync(join(sandbox.state, '.gitignore'), '*.log\n');

  await makePass(worldOf(sandbox));

  const files = (await sandbox.git('ls-files')).trim().split('\n');
  assert.equal(files, ['.gitignore', 'README.md', 'policy.yaml']);
});

test('a detached HEAD is told, with what takes the branch along, and the firewall is kept meanwhile', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  await sandbox.git('checkout', '--quiet', '--detach');
  sandbox.drop('web1', banText('198.51.100.8'));
  const world = worldOf(sandbox);
  const memory = freshMemory(world);

  const full = await makePass(world, memory);
  const quick = await makePass(world, memory, 'quick');
  const [problem] = full.problems;
  const mend = /attach it to a branch: (.+)$/.exec(problem?.message ?? '')?.[1] ?? 'false';
  await outputOf(['sh', '-c', mend]);
  const mended = await makePass(world, memory);

  for (const { problems } of [full, quick])
    assert.equal(
      problems.map(({ condition, reason }) => `${condition} ${reason}`),
      ['Committed Detached'],
    );
  assert.equal(mended.problems, []);
  assert.equal(await drops(), ['198.51.100.7', '198.51.100.8']);
  assert.match(await sandbox.git('log', '-1', '--format=%B', 'main'), '198.51.100.8');
});

test('a git gc of somebody beside us costs no commit', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  const loop = 'while :; do git -C "$1" gc --quiet --force 2>&1 | head -n 3; done';
  await using collector = new Child(['sh', '-c', loop, 'sh', sandbox.state]);

  const told: string[] = [];
  for (let host = 1; host <= 25; host += 1) {
    sandbox.drop('web1', banText(`198.51.100.${host}`));
    const { problems } = await makePass(world, memory, 'quick');
    told.push(...problems.map(({ message }) => message));
  }
  await collector.stop();
  const last = await makePass(world, memory);

  assert.equal(last.problems, [], told.join('\n'));
  await sandbox.git('fsck', '--strict', '--connectivity-only');
  assert.match(await sandbox.git('show', `HEAD:${CLAIMS}`), '198.51.100.25');
  assert.is(await sandbox.git('status', '--porcelain'), '');
});

test.run();
