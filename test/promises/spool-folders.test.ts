import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { Chronicle } from '../../src/status/chronicle.ts';
import { Journal } from '../../src/status/journal.ts';
import type { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules, setMembers } from '../support/firewall.ts';
import { banText, snapshotText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { isDropped, untilDropped } from '../support/until-dropped.ts';

const test = suite('the spool');

const BURST = 2_000;

test('is read file by file, each once its end marker is there', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  const text = banText('198.51.100.7');

  const path = sandbox.dropInPlace('web1', text.slice(0, -5));
  sandbox.drop('web2', banText('198.51.100.8'));
  await untilDropped('198.51.100.8');
  const whileGrowing = await isDropped('198.51.100.7');
  appendFileSync(path, text.slice(-5));

  assert.not(whileGrowing);
  await untilDropped('198.51.100.7');
});

for (const name of ['.1795330538-1.yaml.Xa91bZ', '1795330538-1.yaml.Xa91bZ', '.1795330538-1.yaml', 'x.tmp']) {
  test(`may hold a sender's temporary file such as ${name}, which is left alone`, async () => {
    await using sandbox = await Sandbox.open();
    await sandbox.startController();

    sandbox.dropInPlace('web1', banText('198.51.100.7'), name);
    sandbox.drop('web2', banText('198.51.100.8'));
    await untilDropped('198.51.100.8');

    await eventually(() => {
      assert.equal(sandbox.waiting(), [`web1/${name}`]);
    });
    assert.not(await isDropped('198.51.100.7'));
  });
}

test('holds no more than 256 MiB of a server that never ends a file, while another’s ban goes on', async () => {
  await using sandbox = await Sandbox.open();
  for (let index = 0; index < 70; index += 1)
    truncateSync(sandbox.dropInPlace('web1', 'intent: ban\n'), 4 * 1024 * 1024);
  sandbox.drop('web2', banText('198.51.100.8'));

  const { code } = await sandbox.cli('reconcile');
  const status = await sandbox.cli('status');

  assert.is(code, 0);
  assert.is(sandbox.waiting().length, 64);
  assert.ok(await isDropped('198.51.100.8'));
  assert.is(status.code, 1);
  assert.match(
    status.stdout,
    'SpoolBounded is false (Overflow): web1 sends more than 50,000 files or 256 MiB at once: 6 files removed unread: ',
  );
  assert.match(status.stdout, /removed unread: [^ ,]+, [^ ,]+, [^ ,]+ and 3 more/);
});

test('holds no more than that of hidden temporaries either, between full passes, and tells it when they are gone', async () => {
  await using sandbox = await Sandbox.open({ config: { interval: '1h' } });
  await sandbox.startController();
  for (let index = 0; index < 70; index += 1)
    truncateSync(sandbox.dropInPlace('web1', 'intent: ban\n', `.${index}.yaml.Xa91bZ`), 4 * 1024 * 1024);
  await eventually(() => {
    assert.is(sandbox.waiting().length, 64);
  });

  rmSync(join(sandbox.spool, 'web1'), { recursive: true });
  sandbox.drop('web2', banText('198.51.100.8'));
  await untilDropped('198.51.100.8');
  const { stdout } = await sandbox.cli('status');

  assert.match(stdout, /SpoolBounded is false \(Overflow\): web1 sends more than .*: \./);
});

test('whose refused files are many has a line a reason, three at the most and one for the rest, in the log', async () => {
  await using sandbox = await Sandbox.open();
  for (let index = 0; index < 30; index += 1) sandbox.drop('web1', banText('gateway.example.net'));
  for (let index = 0; index < 20; index += 1) sandbox.drop('web2', banText(`host${index}.example.net`));

  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  const warnings: string[] = [];
  const log = { ...world.log, warn: (line: string) => void warnings.push(line) };

  // One pass: a command makes several where its time for reading is over before all is read, and each has its lines.
  const pass = await makePass(world, memory);
  new Journal(log, new Chronicle(world, memory)).passed(pass);

  const lines = warnings.filter((line) => line.startsWith('refused '));
  assert.is(lines.length, 5);
  assert.match(lines[0] ?? '', /refused web1\/\S+: ip: .*, and 29 more$/);
  assert.match(lines[4] ?? '', /refused 17 more files from web2 for other reasons$/);
});

test(`may take ${BURST} intents of ten servers at once: all are enforced, and the spool is empty`, async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  await sandbox.startController();
  const addresses = Array.from({ length: BURST }, (_, index) => `10.1.${index >> 8}.${index & 255}`);

  for (const [index, ip] of addresses.entries()) sandbox.drop(`web${index % 10}`, banText(ip));

  await eventually(() => {
    assert.equal([sandbox.status().bans, sandbox.waiting().length], [BURST, 0]);
  }, 30_000);
  const dropped = (await setMembers('fail2ban-sshd')) ?? [];
  assert.ok(
    (await iptablesRules()).includes('-A fail2ban-sshd -m set --match-set fail2ban-sshd src -j DROP'),
  );
  assert.equal(dropped, [...addresses].sort());
});

for (const [what, folderOf] of [
  ['it', ({ spool }: Sandbox) => spool],
  ['a folder in it', ({ spool }: Sandbox) => join(spool, 'web1')],
] as const)
  test(`is watched on when ${what} is removed and made again`, async () => {
    await using sandbox = await Sandbox.open();
    const folder = folderOf(sandbox);
    const controller = await sandbox.startController();
    sandbox.drop('web1', banText('198.51.100.7'));
    await untilDropped('198.51.100.7');
    await untilWatched(controller, folder);

    rmSync(folder, { recursive: true });
    mkdirSync(folder);

    sandbox.drop('web1', banText('198.51.100.8'));
    await untilDropped('198.51.100.8');
    // Also without a bell a file is found within two seconds, so it is the kernel that is asked who has one.
    await untilWatched(controller, folder);
  });

/** Resolves when the process has an inotify watch on the folder that has this name now. */
async function untilWatched({ pid }: Child, folder: string): Promise<void> {
  const inode = `ino:${statSync(folder).ino.toString(16)} `;
  await eventually(() => {
    const infos = readdirSync(`/proc/${pid}/fdinfo`).map((fd) => infoOf(`/proc/${pid}/fdinfo/${fd}`));
    assert.ok(
      infos.some((info) => info.includes(inode)),
      `${folder} is not watched`,
    );
  });
}

/** Nothing when it was closed since it was listed. */
function infoOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

test('may hold the snapshot of a server whose stale bans fill its limit: they end, and it is taken', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('limits: { default: { claims: 5 } }\n');
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  const time = Date.now() / 1000 - 60;
  for (let host = 1; host <= 5; host += 1)
    sandbox.drop('web1', banText(`198.51.100.${host}`, { bantime: -1, time }));
  await makePass(world, memory);

  sandbox.drop('web1', snapshotText(['203.0.113.7']));
  const pass = await makePass(world, memory);

  assert.equal([pass.refused, pass.bans], [[], 1]);
  assert.ok(await isDropped('203.0.113.7'));
});

test('gives up what it refuses to a place beside it, with the reason', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();

  const name = sandbox.drop('web1', banText('gateway.example.net'));

  await eventually(() => {
    assert.is(sandbox.status().refused, 1);
  });
  assert.equal(sandbox.waiting(), []);
  const { stdout } = await sandbox.cli('status', '--json');
  assert.match(stdout, /"refused": 1/);
  assert.match(
    readFileSync(join(sandbox.rejected, `web1/${name}.reason`), 'utf8'),
    /reason: ip: "gateway.example.net" is not/,
  );
});

test.run();
