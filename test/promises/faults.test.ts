/** What breaks around the controller: nothing is lost, the firewall is kept where it can be, and status says it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { openFirewall, type Tools } from '../../src/system/firewall/iptables.ts';
import { takeLock } from '../../src/system/files/lock.ts';
import { run } from '../../src/system/processes/run.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText, snapshotText } from '../support/intent-text.ts';
import { makePass, makePasses, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a fault');

const BAN = '-A fail2ban-sshd -s 198.51.100.7/32 -j DROP';

/** The real firewall with one part replaced. */
async function realFirewall(): Promise<Tools> {
  return openFirewall(run, 'nft');
}

test('of iptables that comes once is overcome in the same pass', async () => {
  await using sandbox = await Sandbox.open();
  const real = await realFirewall();
  let failures = 0;
  const world = worldOf(sandbox, {
    openFirewall: () =>
      Promise.resolve({
        ...real,
        restore: (family, text) => {
          failures += 1;
          return failures === 1
            ? Promise.reject(new Error('Resource temporarily unavailable'))
            : real.restore(family, text);
        },
      }),
  });
  sandbox.drop('web1', banText('198.51.100.7'));

  const pass = await makePass(world);

  assert.equal(pass.problems, []);
  assert.ok((await iptablesRules()).includes(BAN));
});

test('of iptables that stays is told, keeps what was said, and is over with its cause', async () => {
  await using sandbox = await Sandbox.open();
  const real = await realFirewall();
  const broken = { ...real, restore: () => Promise.reject(new Error('No space in the kernel')) };
  sandbox.drop('web1', banText('198.51.100.7'));

  const failed = await makePass(worldOf(sandbox, { openFirewall: () => Promise.resolve(broken) }));
  const waiting = sandbox.waiting();
  const mended = await makePass(worldOf(sandbox));

  assert.equal(
    failed.problems.map(({ condition, message }) => [condition, message]),
    [['Converged', 'ipv4: No space in the kernel']],
  );
  assert.equal(waiting, []);
  assert.equal(mended.problems, []);
  assert.ok((await iptablesRules()).includes(BAN));
});

test('of one family keeps the other one no less enforced', async () => {
  await using sandbox = await Sandbox.open();
  const real = await realFirewall();
  const broken: Tools = {
    ...real,
    list: (family) => (family === 'ipv4' ? Promise.reject(new Error('broken')) : real.list(family)),
  };
  // What would be adopted must be readable; that is another test's subject.
  await makePass(worldOf(sandbox));
  sandbox.drop('web1', banText('"2001:db8::7"'));

  const pass = await makePass(worldOf(sandbox, { openFirewall: () => Promise.resolve(broken) }));

  assert.equal(
    pass.problems.map(({ message }) => message),
    ['ipv4: broken'],
  );
  assert.ok(
    (await iptablesRules({ family: 'ipv6' })).includes('-A fail2ban-sshd -s 2001:db8::7/128 -j DROP'),
  );
});

test('that is a hanging iptables ends with the time limit, and status tells of it meanwhile', async () => {
  await using sandbox = await Sandbox.open();
  const folder = shim(sandbox, 'iptables-nft-restore', 'exec sleep 60');
  const limited: typeof run = (file, args, options) =>
    run(file, args, { ...options, ...(file.endsWith('restore') && { timeoutMs: 300 }) });
  sandbox.drop('web1', banText('198.51.100.7'));
  const world = worldOf(sandbox, { openFirewall: () => openFirewall(limited, 'nft') });

  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${folder}:${before}`;
  const hung = await makePass(world);
  process.env['PATH'] = before;
  const mended = await makePass(worldOf(sandbox, { openFirewall: realFirewall }));

  assert.match(
    hung.problems[0]?.message ?? '',
    'iptables-nft-restore --noflush -w 10 did not end within 0.3 s',
  );
  assert.equal(mended.problems, []);
  assert.ok((await iptablesRules()).includes(BAN));
});

test('that is a slow iptables shows in status.json while the pass still runs', async () => {
  await using sandbox = await Sandbox.open();
  const held = join(sandbox.folder, 'held');
  writeFileSync(held, '');
  const wait = `while [ -e ${held} ]; do sleep 0.1; done`;
  const folder = shim(sandbox, 'iptables-nft-restore', `${wait}; exec /usr/sbin/iptables-nft-restore "$@"`);
  await sandbox.startController({ PATH: `${folder}:${process.env['PATH'] ?? ''}` });

  sandbox.drop('web1', banText('198.51.100.7'));

  await eventually(() => {
    const { converged, conditions } = sandbox.status();
    assert.not.ok(converged);
    assert.match(conditions[0]?.message ?? '', 'a pass has been running for');
  });
  rmSync(held);
  await eventually(() => {
    assert.ok(sandbox.status().converged);
  });
});

test('in what iptables prints is passed over where it can be no rule, and trusted no further', async () => {
  await using sandbox = await Sandbox.open();
  const real = await realFirewall();
  const noisy = (list: Tools['list']): Tools => ({ ...real, list });
  await makePass(worldOf(sandbox));
  sandbox.drop('web1', banText('198.51.100.7'));

  const noise = await makePass(
    worldOf(sandbox, {
      openFirewall: () =>
        Promise.resolve(noisy(async (family) => `modprobe: hello\n${await real.list(family)}`)),
    }),
  );
  const empty = await makePass(
    worldOf(sandbox, { openFirewall: () => Promise.resolve(noisy(() => Promise.resolve(''))) }),
  );

  assert.equal(
    noise.problems.map(({ condition }) => condition),
    ['FirewallReadable', 'FirewallReadable'],
  );
  assert.equal(
    empty.problems.map(({ condition }) => condition),
    ['Converged', 'Converged'],
  );
  assert.ok((await iptablesRules()).includes(BAN));
});

test('that is another program at the same rules is overcome, between any read and write', async () => {
  await using sandbox = await Sandbox.open();
  const real = await realFirewall();
  let edits = 0;
  const contended: Tools = {
    ...real,
    restore: async (family, text) => {
      edits += 1;
      if (edits === 1) await iptables(['-F', 'fail2ban-sshd']);
      if (edits === 2) await iptables(['-I', 'INPUT', '-j', 'ACCEPT']);
      await real.restore(family, text);
    },
  };
  sandbox.drop('web1', banText('198.51.100.8'));
  await makePass(worldOf(sandbox));
  sandbox.drop('web1', banText('198.51.100.7'));

  const pass = await makePass(worldOf(sandbox, { openFirewall: () => Promise.resolve(contended) }));

  assert.equal(pass.problems, []);
  const rules = await iptablesRules();
  assert.ok(rules.includes(BAN));
  assert.ok(rules.includes('-A fail2ban-sshd -s 198.51.100.8/32 -j DROP'));
  assert.is(
    rules.find((rule) => rule.startsWith('-A INPUT')),
    '-A INPUT -p tcp -m multiport --dports 22 -j fail2ban-sshd',
  );
});

test('that is a full disk keeps intents in the spool and enforces them all the same', async () => {
  await using sandbox = await Sandbox.open();
  const disk = smallDisk(sandbox);
  const controller = await sandbox.startController();
  fill(disk);

  sandbox.drop('web1', banText('198.51.100.7'));
  await eventually(async () => {
    assert.ok((await iptablesRules()).includes(BAN));
    assert.is(sandbox.status().conditions.find(({ type }) => type === 'StateSaved')?.status, 'False');
  });
  const waiting = sandbox.waiting().length;
  const status = await sandbox.cli('status');
  rmSync(join(disk, 'fill'));

  await eventually(() => {
    assert.equal(sandbox.waiting(), []);
  });
  assert.is(waiting, 1);
  assert.is(status.code, 1);
  assert.match(status.stdout, 'StateSaved is false (WriteFailed)');
  assert.match(status.stdout, 'ENOSPC');
  assert.ok(controller.stderr.split('\n').length < 20, `it filled the log:\n${controller.stderr}`);
  await controller.stop();
  execFileSync('umount', ['--lazy', disk]);
});

test('that is a read-only disk is no reason not to enforce', async () => {
  await using sandbox = await Sandbox.open();
  const disk = smallDisk(sandbox);
  await makePass(worldOf(sandbox));
  execFileSync('mount', ['-o', 'remount,ro,bind', disk]);
  sandbox.drop('web1', banText('198.51.100.7'));

  const pass = await makePass(worldOf(sandbox));
  const status = await sandbox.cli('status');

  assert.equal(
    pass.problems.map(({ condition }) => condition),
    ['StateSaved'],
  );
  assert.ok((await iptablesRules()).includes(BAN));
  assert.is(sandbox.waiting().length, 1);
  assert.match(status.stdout, 'StateSaved is false (ReadOnly)');
  execFileSync('umount', ['--lazy', disk]);
});

test('that is a read-only disk hides no ban behind a long snapshot that stays in the spool', async () => {
  await using sandbox = await Sandbox.open();
  const disk = smallDisk(sandbox);
  const world = worldOf(sandbox);
  await makePass(world);
  execFileSync('mount', ['-o', 'remount,ro,bind', disk]);
  sandbox.drop('web1', snapshotText(['10.0.0.1', '10.0.0.2']));
  sandbox.drop('web1', banText('198.51.100.7'));

  const passes = await makePasses(world, { readBudget: { milliseconds: 60_000, listedByServer: 1 } });

  assert.equal(
    passes.map(({ more, bans }) => ({ more, bans })),
    [
      { more: true, bans: 2 },
      { more: false, bans: 3 },
    ],
  );
  assert.ok((await iptablesRules()).includes(BAN));
  assert.is(sandbox.waiting().length, 2);
  execFileSync('umount', ['--lazy', disk]);
});

test('that is a lock held by another is waited for, then told with exit code 11', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  await makePass(world);
  const lock = await takeLock(sandbox.state, 0);
  sandbox.drop('web1', banText('198.51.100.7'));

  const refused = await takeLock(sandbox.state, 100).catch((error: unknown) => error);
  const waiting = makePass(world, freshMemory(world));
  setTimeout(() => void lock.release(), 300);
  const pass = await waiting;

  assert.match(String(refused), `is held by process ${process.pid}`);
  assert.equal(pass.problems, []);
  assert.ok((await iptablesRules()).includes(BAN));
});

test('that is a rejected folder closed to the controller is told by its name, and is no reason not to enforce', async () => {
  await using sandbox = await Sandbox.open();
  mkdirSync(sandbox.rejected, { mode: 0 });
  await using controller = new Child([...WITHOUT_ROOTS_RIGHTS, ...sandbox.command('run')]);

  sandbox.drop('web1', banText('198.51.100.7'));
  await eventually(async () => {
    assert.ok((await iptablesRules()).includes(BAN), controller.stderr);
    const { converged, conditions } = sandbox.status();
    const told = conditions.find(({ type }) => type === 'SpoolReadable')?.message ?? '';
    assert.match(told, `the rejected folder ${sandbox.rejected} cannot be read: EACCES`);
    assert.ok(converged);
  });
  chmodSync(sandbox.rejected, 0o755);
  sandbox.drop('web1', banText('198.51.100.8'));

  await eventually(() => {
    assert.is(sandbox.status().conditions.find(({ type }) => type === 'SpoolReadable')?.status, 'True');
  });
  assert.not.match(controller.stderr, 'cannot write');
  assert.is(await controller.stop(), 0);
});

test('that is a spool closed to the controller is told, and over when it is open again', async () => {
  await using sandbox = await Sandbox.open();
  chmodSync(sandbox.spool, 0);
  await using controller = new Child([...WITHOUT_ROOTS_RIGHTS, ...sandbox.command('run')]);
  const readable = (): string | undefined =>
    sandbox.status().conditions.find(({ type }) => type === 'SpoolReadable')?.status;
  await eventually(() => {
    assert.is(readable(), 'False', controller.stderr);
  });

  chmodSync(sandbox.spool, 0o755);
  sandbox.drop('web1', banText('198.51.100.7'));

  await eventually(async () => {
    assert.ok((await iptablesRules()).includes(BAN), controller.stderr);
    assert.is(readable(), 'True');
  });
  assert.is(await controller.stop(), 0);
});

/** Modes hold for it, as they do for any other user; and there is one in a user namespace too. */
const WITHOUT_ROOTS_RIGHTS = [...['setpriv', '--inh-caps=-all', '--bounding-set=-all,+net_admin,+net_raw']];

/** A program of this name ahead of the real one. */
function shim(sandbox: Sandbox, name: string, script: string): string {
  const folder = join(sandbox.folder, 'shims');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

/** The state on a disk of one megabyte; status.json stays outside, as in /run. */
function smallDisk(sandbox: Sandbox): string {
  const disk = join(sandbox.folder, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  sandbox.moveState(join(disk, 'state'));
  return disk;
}

function fill(disk: string): void {
  try {
    writeFileSync(join(disk, 'fill'), Buffer.alloc(2 * 1024 * 1024));
  } catch {
    // ENOSPC is what it is for.
  }
}

test('of the variant that is not used is told, and keeps nothing from being saved', async () => {
  await using sandbox = await Sandbox.open();
  const real = await realFirewall();
  const mute = { ...real, listOther: () => Promise.reject(new Error('Permission denied')) };
  sandbox.drop('web1', banText('198.51.100.7'));

  const pass = await makePass(worldOf(sandbox, { openFirewall: () => Promise.resolve(mute) }));

  assert.equal(
    pass.problems.map(({ condition, message }) => `${condition}: ${message}`),
    ['ipv4', 'ipv6'].map(
      (family) =>
        `OtherVariantClean: ${family}: cannot tell whether iptables-legacy has banspool's rules: Permission denied`,
    ),
  );
  assert.equal(sandbox.waiting(), []);
  assert.is((await sandbox.git('log', '--format=%s')).trim(), 'Begin');
});

test('of a kernel that has only the variant that is used is none', async () => {
  await using sandbox = await Sandbox.open();
  const real = await realFirewall();
  const ran = {
    pid: 1,
    exitCode: 1,
    stdout: '',
    stderr: 'Failed to initialize nft: Protocol not supported\n',
  };
  const { listOther } = await openFirewall(() => Promise.resolve(ran), 'legacy');
  const alone = { ...real, listOther };

  const pass = await makePass(worldOf(sandbox, { openFirewall: () => Promise.resolve(alone) }));

  assert.equal(pass.problems, []);
});

test('that takes the spool away is told: nobody can be heard', async () => {
  await using sandbox = await Sandbox.open();
  rmSync(sandbox.spool, { recursive: true });

  await sandbox.cli('reconcile');
  const status = await sandbox.cli('status');
  mkdirSync(sandbox.spool);
  await sandbox.cli('reconcile');
  const mended = await sandbox.cli('status');

  assert.is(status.code, 1);
  assert.match(status.stdout, `SpoolReadable is false (Missing): ${sandbox.spool} is missing`);
  assert.is(mended.code, 0);
});

test.run();
