/** git, which may be killed at any moment as all programs may, and fills the disk with small files. */
import {
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import type { Pass } from '../../src/pass/pass.ts';
import { preview } from '../../src/pass/preview.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { clearFirewall, iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the history in git');

for (const lock of ['index.lock', 'HEAD.lock', 'refs/heads/main.lock']) {
  test(`goes on at once after a git that was killed with its ${lock} on`, async () => {
    await using sandbox = await Sandbox.open();
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    const path = join(sandbox.state, '.git', lock);
    await makePass(world, memory);

    leaveLock(path, 0);
    sandbox.drop('web1', banText('198.51.100.7'));
    const running = await makePass(world, memory, 'quick');
    leaveLock(path, 0);
    sandbox.drop('web1', banText('198.51.100.8'));
    const restarted = await makePass(world);

    for (const pass of [running, restarted]) assert.equal(pass.problems, []);
    assert.is(await sandbox.git('status', '--porcelain'), '');
    assert.match(await sandbox.git('log', '-1', '--format=%B'), '198.51.100.8');
  });
}

test('goes on where a person moved it out of the folder, and tells where that is gone', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  const apart = join(sandbox.folder, 'apart');
  await sandbox.git('init', '--quiet', `--separate-git-dir=${apart}`);
  leaveLock(join(apart, 'index.lock'), 0);
  sandbox.drop('web1', banText('198.51.100.8'));

  const pass = await makePass(worldOf(sandbox));
  const log = await sandbox.git('log', '-1', '--format=%B');
  const doctor = await sandbox.cli('doctor');
  renameSync(apart, `${apart}.away`);
  sandbox.drop('web1', banText('198.51.100.9'));
  const lacking = await makePass(worldOf(sandbox));

  assert.equal(pass.problems, []);
  assert.match(log, '198.51.100.8');
  assert.match(doctor.stdout, 'good  git can read the state');
  assert.equal(new Set(reasonsOf(lacking)), new Set(['Committed GitFailed']));
  assert.match(lacking.problems[0]?.message ?? '', `; fix: restore ${apart}, or mount it`);
  assert.equal(await drops(), ['198.51.100.7', '198.51.100.8', '198.51.100.9']);
});

test('takes from no living git the lock that it keeps while a person types, however old it is', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  writeFileSync(join(sandbox.state, 'README.md'), 'ours\n');
  const typed = join(sandbox.folder, 'typed');
  const editor = `sh -c 'until [ -e ${typed} ]; do sleep 0.05; done; echo by hand >"$1"' sh`;
  const identity = { GIT_AUTHOR_NAME: 'A', GIT_COMMITTER_NAME: 'A', EMAIL: 'a@example.net' };
  const env = { ...process.env, ...identity, GIT_EDITOR: editor };
  await using person = new Child(['git', '-C', sandbox.state, 'commit', '--all'], { env });
  const lock = join(sandbox.state, '.git/index.lock');
  await eventually(() => {
    assert.ok(existsSync(lock), person.stderr);
  });
  utimesSync(lock, 1e9, 1e9);
  sandbox.drop('web1', banText('198.51.100.7'));

  const held = await makePass(world, memory, 'quick');
  const restarted = await makePass(worldOf(sandbox));
  writeFileSync(typed, '');
  const ended = await person.ended;
  const after = await makePass(world, memory);

  for (const pass of [held, restarted])
    assert.equal(new Set(reasonsOf(pass)), new Set(['Committed GitFailed']));
  assert.equal(await drops(), ['198.51.100.7']);
  assert.is(ended, 0, person.stderr);
  assert.match(await sandbox.git('log', '--format=%s'), 'by hand');
  assert.equal(after.problems, []);
  assert.is(await sandbox.git('status', '--porcelain'), '');
});

test('takes a lock from no program that has it open', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  const lock = join(sandbox.state, '.git/index.lock');
  await using holder = new Child(['sh', '-c', 'exec 3>"$1"; echo open; exec sleep 1000', 'sh', lock]);
  await eventually(() => {
    assert.match(holder.stdout, 'open');
  });
  sandbox.drop('web1', banText('198.51.100.7'));

  const held = await makePass(worldOf(sandbox));
  const stands = existsSync(lock);
  await holder.stop();
  const after = await makePass(worldOf(sandbox));

  assert.equal(new Set(reasonsOf(held)), new Set(['Committed GitFailed']));
  assert.ok(stands);
  assert.equal(after.problems, []);
});

test('goes on likewise after a lock on the branch that a person checked out', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  await sandbox.git('checkout', '--quiet', '-b', 'trial/one');
  leaveLock(join(sandbox.state, '.git/refs/heads/trial/one.lock'), 3600);
  sandbox.drop('web1', banText('198.51.100.7'));

  const pass = await makePass(worldOf(sandbox));

  assert.equal(pass.problems, []);
  assert.match(await sandbox.git('log', '-1', '--format=%B', 'trial/one'), '198.51.100.7');
});

/** What a power cut may leave of a file that was not synced. */
const BREAKAGES: Readonly<Record<string, (path: string) => void>> = {
  emptied: (path) => {
    truncateSync(path, 0);
  },
  'cut off': (path) => {
    truncateSync(path, 50);
  },
  'full of zeros': (path) => {
    writeFileSync(path, Buffer.alloc(readFileSync(path).length));
  },
};

for (const [breakage, breakIndex] of Object.entries(BREAKAGES)) {
  test(`goes on after a boot that finds the index ${breakage}, and so do the bans`, async () => {
    await using sandbox = await Sandbox.open();
    sandbox.drop('web1', banText('198.51.100.7'));
    await makePass(worldOf(sandbox));
    const index = join(sandbox.state, '.git/index');
    breakIndex(index);
    await clearFirewall();
    sandbox.drop('web1', banText('198.51.100.8'));

    const broken = readFileSync(index);
    await preview(worldOf(sandbox));
    const afterLook = readFileSync(index);
    const pass = await makePass(worldOf(sandbox));

    assert.equal(afterLook, broken);
    assert.equal(pass.problems, []);
    assert.equal(await drops(), ['198.51.100.7', '198.51.100.8']);
    assert.is(await sandbox.git('status', '--porcelain'), '');
    assert.match(await sandbox.git('log', '-1', '--format=%B'), '198.51.100.8');
  });
}

test('goes on after an index that breaks while the controller runs', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  truncateSync(join(sandbox.state, '.git/index'), 0);

  sandbox.drop('web1', banText('198.51.100.7'));
  const found = await makePass(world, memory, 'quick');
  const next = await makePass(world, memory);

  assert.equal(reasonsOf(found), ['Committed GitFailed']);
  assert.equal(next.problems, []);
  assert.match(await sandbox.git('log', '-1', '--format=%B'), '198.51.100.7');
});

test('is not touched while another git holds its broken index, and the bans stand meanwhile', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  const [index, lock] = ['index', 'index.lock'].map((name) => join(sandbox.state, '.git', name));
  truncateSync(index ?? '', 0);
  await using holder = new Child(['sh', '-c', 'exec 3>"$1"; echo open; exec sleep 1000', 'sh', lock ?? '']);
  await eventually(() => {
    assert.match(holder.stdout, 'open');
  });
  await clearFirewall();

  const held = await makePass(worldOf(sandbox));
  const touched = readFileSync(index ?? '').length;
  await holder.stop();
  const left = await makePass(worldOf(sandbox));

  assert.equal(new Set(reasonsOf(held)), new Set(['Committed GitFailed']));
  assert.equal(await drops(), ['198.51.100.7']);
  assert.is(touched, 0);
  assert.equal(left.problems, []);
});

test('knows without its index too that a file of the state is missing', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  truncateSync(join(sandbox.state, '.git/index'), 0);
  rmSync(join(sandbox.state, 'claims/ipv4/198.yaml'));

  const pass = await makePass(worldOf(sandbox)).catch((error: unknown) => error);

  assert.match(String(pass), 'claims/ipv4/198.yaml is missing, but git has it');
  assert.equal(await drops(), ['198.51.100.7']);
});

test('that cannot be read keeps no ban from being enforced after a boot, and says how it is mended', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  const head = join(sandbox.state, '.git/HEAD');
  truncateSync(head, 0);
  await clearFirewall();
  sandbox.drop('web1', banText('198.51.100.8'));

  const pass = await makePass(worldOf(sandbox));
  const dropped = await drops();
  writeFileSync(head, 'ref: refs/heads/main\n');
  const mended = await makePass(worldOf(sandbox));

  assert.equal(new Set(reasonsOf(pass)), new Set(['Committed GitFailed']));
  assert.is(new Set(pass.problems.map(({ message }) => message)).size, pass.problems.length);
  assert.match(pass.problems[0]?.message ?? '', `; fix: echo "ref: refs/heads/main" > ${head}`);
  assert.equal(dropped, ['198.51.100.7', '198.51.100.8']);
  assert.equal(sandbox.waiting(), []);
  assert.equal(mended.problems, []);
  assert.match(
    await sandbox.git('log', '-1', '--format=%B'),
    'Commit files that were uncommitted at startup',
  );
});

test('that cannot be had, since git is gone, keeps no ban from being enforced', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  sandbox.drop('web1', banText('198.51.100.7'));
  const { run } = worldOf(sandbox);
  const world = worldOf(sandbox, {
    run: (file, ...rest) =>
      file === 'git' ? Promise.reject(new Error('git is not installed')) : run(file, ...rest),
  });

  const pass = await makePass(world);

  assert.equal(new Set(reasonsOf(pass)), new Set(['Committed GitFailed']));
  assert.equal(await drops(), ['198.51.100.7']);
});

test('that cannot be read lifts no ban whose file is gone, and keeps none that the files let go', async () => {
  await using sandbox = await Sandbox.open();
  for (const ip of ['198.51.100.7', '203.0.113.7', '203.0.113.8']) sandbox.drop('web1', banText(ip));
  await makePass(worldOf(sandbox));
  truncateSync(join(sandbox.state, '.git/HEAD'), 0);
  rmSync(join(sandbox.state, 'claims/ipv4/198.yaml'));
  takeOut(join(sandbox.state, 'claims/ipv4/203.yaml'), '203.0.113.8');

  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  const { claimChanges } = await preview(world);
  await makePass(world, memory);
  const next = await makePass(world, memory);

  assert.equal(
    claimChanges.map(({ server, ip }) => `${server} ${ip.text}`),
    ['adopted 198.51.100.7'],
  );
  assert.equal(await drops(), ['198.51.100.7', '203.0.113.7']);
  assert.is(next.bans, 2);
});

test('that cannot be read stops the pass where policy.yaml is gone: nobody knows whom it allows', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  truncateSync(join(sandbox.state, '.git/HEAD'), 0);
  const policy = join(sandbox.state, 'policy.yaml');
  renameSync(policy, `${policy}.away`);

  const stopped = await makePass(worldOf(sandbox)).catch((error: unknown) => error);
  renameSync(`${policy}.away`, policy);
  const pass = await makePass(worldOf(sandbox));

  assert.match(String(stopped), /a state file is missing, and git cannot tell .*not a git repository/);
  assert.equal(await drops(), ['198.51.100.7']);
  assert.is(pass.bans, 1);
});

function reasonsOf({ problems }: Pass): readonly string[] {
  return problems.map(({ condition, reason }) => `${condition} ${reason}`);
}

/** The addresses that are dropped. */
async function drops(): Promise<readonly string[]> {
  const rules = await iptablesRules();
  return rules.flatMap((rule) => /^-A fail2ban-sshd -s (\S+)\/32 -j DROP$/.exec(rule)?.[1] ?? []).sort();
}

/** Takes the lines with this address out, as a person does. */
function takeOut(path: string, ip: string): void {
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, lines.filter((line) => !line.includes(ip)).join('\n'));
}

/** As a git that was killed so many seconds ago leaves it. */
function leaveLock(path: string, age: number): void {
  writeFileSync(path, '');
  const then = Date.now() / 1000 - age;
  utimesSync(path, then, then);
}

test.run();
