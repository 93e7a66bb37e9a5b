import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { files } from '../../src/system/files/files.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { isDropped, untilDropped, untilLetThrough } from '../support/until-dropped.ts';

const test = suite('what people change in the state');

const ATTACKER = '198.51.100.7';

function writePolicy(sandbox: Sandbox, text: string): void {
  writeFileSync(join(sandbox.state, 'policy.yaml'), text);
}

/** Waits for a commit with these words in its subject, and returns its name. */
async function untilCommitted(sandbox: Sandbox, words: string): Promise<string> {
  return eventually(async () => {
    const commit = await sandbox.git('log', '--format=%H', '--fixed-strings', `--grep=${words}`);
    assert.not.equal(commit, '');
    return commit.trim();
  });
}

/** With a controller that has nothing to do. */
async function openWithBan(): Promise<Sandbox & { readonly controller: Child }> {
  const sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));
  const controller = await sandbox.startController();
  await untilCommitted(sandbox, `ban ${ATTACKER}`);
  return Object.assign(sandbox, { controller });
}

test('in the policy takes effect at once, on bans that stand too, and is committed', async () => {
  await using sandbox = await openWithBan();

  writePolicy(sandbox, `allow:\n  - { net: ${ATTACKER}, note: a customer }\n`);
  await untilLetThrough(ATTACKER);
  await untilCommitted(sandbox, 'Commit manual edits');
  assert.match(await sandbox.git('show', 'HEAD:policy.yaml'), /a customer/);
  writePolicy(sandbox, 'deny:\n  - { net: 192.0.2.0/24, note: gone }\n');

  await untilDropped(ATTACKER);
  assert.match((await iptablesRules()).join('\n'), /-s 192\.0\.2\.0\/24 -j DROP/);
});

test('in the policy is told by the log and by history, with the bans that it lifts and gives back', async () => {
  await using sandbox = await openWithBan();
  const { controller } = sandbox;

  writePolicy(
    sandbox,
    `allow:\n  - { net: ${ATTACKER}, note: a customer }\ndeny:\n  - { net: 192.0.2.0/24 }\n`,
  );
  await untilLetThrough(ATTACKER);
  await untilCommitted(sandbox, `policy: end ${ATTACKER}`);
  // Committed by whom it is of, it is told all the same; on a busy machine the controller may have come first.
  writePolicy(sandbox, 'allow: []\n');
  await sandbox.git('commit', '--quiet', '--allow-empty', '-am', 'Trust nobody');
  await untilDropped(ATTACKER);
  await untilCommitted(sandbox, `policy: ban ${ATTACKER}`);
  const all = await sandbox.cli('history');
  const own = await sandbox.cli('history', ATTACKER);

  const end = `policy: end ${ATTACKER} in sshd by web1: inside ${ATTACKER}, which is allowed: policy.yaml line 2 (a customer)`;
  const again = `policy: ban ${ATTACKER} in sshd by web1: policy.yaml no longer refuses it`;
  const denied = 'policy: deny 192.0.2.0/24: policy.yaml line 4';
  const free = 'policy: end 192.0.2.0/24: policy.yaml no longer denies it';
  for (const line of [end, again, denied, free]) {
    assert.ok(controller.stderr.includes(`${line}\n`), line);
    assert.ok(all.stdout.includes(line), line);
    assert.is(own.stdout.includes(line), line.includes(ATTACKER), line);
  }
});

test('in the policy that a single pass is the first to see is told once', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));
  await sandbox.cli('reconcile');
  writePolicy(sandbox, `allow:\n  - { net: ${ATTACKER} }\n`);

  const first = await sandbox.cli('reconcile');
  const second = await sandbox.cli('reconcile');

  assert.match(first.stderr, `policy: end ${ATTACKER} in sshd by web1: inside`);
  assert.not.match(second.stderr, 'policy:');
  const { stdout } = await sandbox.cli('history', '--json');
  const { events } = JSON.parse(stdout) as { events: readonly { kind: string }[] };
  assert.is(events.filter(({ kind }) => kind === 'policy').length, 1);
});

test('by git revert of a ban lifts the ban', async () => {
  await using sandbox = await openWithBan();
  const commit = await untilCommitted(sandbox, `ban ${ATTACKER}`);

  await sandbox.git('revert', '--no-edit', commit);

  await untilLetThrough(ATTACKER);
});

test('and commits before the controller looks is enforced all the same', async () => {
  await using sandbox = await openWithBan();
  const { controller } = sandbox;

  controller.process.kill('SIGSTOP');
  writePolicy(sandbox, `allow:\n  - { net: ${ATTACKER} }\n`);
  await sandbox.git('commit', '--all', '--message=Allow a customer');
  controller.process.kill('SIGCONT');

  await untilLetThrough(ATTACKER);
  assert.is(await sandbox.git('status', '--porcelain'), '');
});

test('so that it cannot be read stops the pass with exit code 4, not the rules', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));
  await sandbox.cli('reconcile');
  const before = await iptablesRules();
  writeFileSync(claimsFile(sandbox), 'what is this\n');
  sandbox.drop('web1', banText('198.51.100.8'));

  const ran = await sandbox.cli('reconcile');

  assert.is(ran.code, 4);
  assert.match(ran.stderr, /banspool: error: .*\/claims\/ipv4\/198\.yaml line 1/);
  assert.match(ran.stderr, /banspool: hint: .*git -C/);
  assert.equal(await iptablesRules(), before);
  assert.is(sandbox.waiting().length, 1);
});

test('so that it cannot be read, and then back, is followed by all that came meanwhile', async () => {
  await using sandbox = await openWithBan();
  writeFileSync(claimsFile(sandbox), 'what is this\n');
  sandbox.drop('web1', banText('198.51.100.8'));
  await eventually(() => {
    const state = sandbox.status().conditions.find(({ type }) => type === 'StateReadable');
    assert.is(state?.status, 'False');
  });
  assert.ok(await isDropped(ATTACKER));

  await sandbox.git('checkout', 'HEAD', '--', '.');

  // A failure is tried again after ten seconds at the most.
  await untilDropped('198.51.100.8', 15_000);
  assert.ok(await isDropped(ATTACKER));
});

test('into a damaged policy leaves the last good one in force, and out of git', async () => {
  await using sandbox = await openWithBan();
  writePolicy(sandbox, `allow:\n  - { net: ${ATTACKER} }\n`);
  await untilCommitted(sandbox, 'Commit manual edits');

  writePolicy(sandbox, 'allow: everybody\n');
  await eventually(() => {
    const policy = sandbox.status().conditions.find(({ type }) => type === 'PolicyValid');
    assert.is(policy?.status, 'False');
  });
  sandbox.drop('web1', banText('198.51.100.8'));
  await untilDropped('198.51.100.8');

  assert.not(await isDropped(ATTACKER));
  await untilCommitted(sandbox, 'ban 198.51.100.8');
  assert.not.match(await sandbox.git('show', 'HEAD:policy.yaml'), /everybody/);
});

test('into a damaged policy before a start leaves the last good one of git in force, also for new bans', async () => {
  for (const isCommitted of [false, true]) {
    await using sandbox = await Sandbox.open();
    sandbox.writePolicy(`allow:\n  - { net: ${ATTACKER} }\n`);
    await sandbox.cli('reconcile');
    writePolicy(sandbox, 'allow:\n  - { nett: 192.0.2.0/24 }\n');
    if (isCommitted) await sandbox.git('commit', '--quiet', '-am', 'Allow the office');
    sandbox.drop('web1', banText(ATTACKER));
    sandbox.drop('web1', banText('198.51.100.8'));

    const ran = await sandbox.cli('reconcile');

    assert.is(ran.code, 4, ran.stderr);
    assert.match(
      ran.stderr,
      /PolicyValid is false: policy\.yaml line 2: net is missing; the last good one, of commit [0-9a-f]{8}, stays/,
    );
    assert.equal([await isDropped(ATTACKER), await isDropped('198.51.100.8')], [false, true]);
  }
});

test('into a damaged policy before there is any good one stops the pass with exit code 4', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('allow: everybody\n');
  sandbox.drop('web1', banText(ATTACKER));

  const ran = await sandbox.cli('reconcile');

  assert.is(ran.code, 4);
  assert.match(ran.stderr, /banspool: error: policy\.yaml line 1/);
  assert.not(await isDropped(ATTACKER));
});

test('into a policy that the controller may not read leaves the last good one in force', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy(`allow:\n  - { net: ${ATTACKER} }\n`);
  const isClosed = { is: false };
  const read = async (path: string): Promise<string | undefined> => {
    if (isClosed.is && path.endsWith('policy.yaml')) throw new Error('EACCES: permission denied');
    return files.read(path);
  };
  const world = worldOf(sandbox, { files: { ...files, read } });
  await makePass(world);
  isClosed.is = true;
  sandbox.drop('web1', banText(ATTACKER));

  const { problems } = await makePass(world);

  assert.match(problems.map(({ message }) => message).join(), /policy\.yaml cannot be read: EACCES/);
  assert.not(await isDropped(ATTACKER));
});

function claimsFile(sandbox: Sandbox): string {
  const folder = join(sandbox.state, 'claims/ipv4');
  const [name = ''] = readdirSync(folder);
  return join(folder, name);
}

test.run();
