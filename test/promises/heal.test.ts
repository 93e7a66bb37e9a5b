/** Drift that the kernel tells of: found and healed at once, with a name to it, and without a fight. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeLock } from '../../src/system/files/lock.ts';
import type { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { clearFirewall, iptables } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';

const test = suite('what another program changes');

/** An hour passes between full passes in these. */
async function watched(sandbox: Sandbox): Promise<Child> {
  sandbox.drop('web1', banText('198.51.100.7'));
  const controller = sandbox.spawnController();
  await untilDropped('198.51.100.7', 20_000);
  // The first pass is a full one; the next looks at what changed before anybody listened.
  await eventually(() => {
    assert.is(sandbox.status().lastPass?.kind, 'quick');
    assert.is(conditionOf(sandbox, 'DriftWatched'), 'True');
    assert.ok(listenersOf(controller).length > 0);
  }, 20_000);
  return controller;
}

function conditionOf(sandbox: Sandbox, type: string): string | undefined {
  return sandbox.status().conditions.find((each) => each.type === type)?.status;
}

/** The children of the controller that are nft. */
function listenersOf({ pid }: Child): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const stat = statOf(name);
      return stat.includes(' (nft) ') && stat.split(') ')[1]?.split(' ')[1] === String(pid);
    })
    .map(Number);
}

/** Nothing when the process is gone. */
function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

test('is put back at once, and the log and the history tell what it was and who did it', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await watched(sandbox);

  await iptables(['-F', 'fail2ban-sshd']);

  await untilDropped('198.51.100.7');
  await eventually(async () => {
    for (const told of [controller.stderr, await sandbox.git('log', '--format=%B')])
      assert.match(
        told,
        /drift: iptables\S* \(pid \d+\) emptied fail2ban-sshd \(2 rules\); restored in \d+ ms/,
      );
  }, 20_000);
  const history = await sandbox.cli('history');
  assert.match(history.stdout, /drift: iptables\S* \(pid \d+\) emptied fail2ban-sshd/);
});

test('is left to the full pass after some rounds of a fight, and status says so', async () => {
  await using sandbox = await Sandbox.open();
  await watched(sandbox);

  for (let round = 0; round < 5; round += 1) {
    await iptables(['-F', 'fail2ban-sshd']);
    await untilDropped('198.51.100.7', 20_000);
    await eventually(() => {
      const repaired = sandbox.status().passes.filter(({ drift }) => drift > 0).length;
      assert.is(repaired, round + 1);
    }, 20_000);
  }

  await eventually(() => {
    assert.is(conditionOf(sandbox, 'Uncontested'), 'False');
  });
  const { message } = sandbox.status().conditions.find(({ type }) => type === 'Uncontested') ?? {};
  assert.match(message ?? '', /iptables\S* \(pid \d+\) removed banspool's rules 5 times/);
});

test('is listened for anew when nft monitor ends, and is found by what happened meanwhile', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await watched(sandbox);
  const [first = 0] = listenersOf(controller);

  process.kill(first, 'SIGKILL');
  await eventually(() => {
    assert.is(conditionOf(sandbox, 'DriftWatched'), 'False');
  });
  await iptables(['-F', 'fail2ban-sshd']);

  await untilDropped('198.51.100.7', 20_000);
  await eventually(() => {
    assert.is(conditionOf(sandbox, 'DriftWatched'), 'True');
    assert.not.equal(listenersOf(controller), [first]);
  }, 20_000);
});

test('is heard of too where the first pass failed before it came to the firewall', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.cli('reconcile');
  const lock = await takeLock(sandbox.state, 0);
  const controller = sandbox.spawnController();
  await eventually(() => {
    assert.match(controller.stderr, /is held by process/);
  }, 20_000);

  await lock.release();
  await eventually(() => {
    assert.ok(listenersOf(controller).length > 0);
  }, 20_000);
  await iptables(['-F', 'fail2ban-sshd']);

  await untilDropped('198.51.100.7', 10_000);
});

test("in a namespace of processes of its own takes no ban of ours for somebody else's doing, and hears of what is", async () => {
  await using sandbox = await Sandbox.open({
    enter: ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'],
  });
  await clearFirewall();
  const { env, looks } = countingLooks(sandbox.folder);
  sandbox.drop('web1', banText('198.51.100.7'));
  sandbox.spawnController(env);
  await untilDropped('198.51.100.7', 20_000);
  await eventually(() => {
    assert.is(sandbox.status().lastPass?.kind, 'quick');
    assert.is(conditionOf(sandbox, 'DriftWatched'), 'True');
  }, 20_000);
  const before = looks();

  sandbox.drop('web1', banText('198.51.100.8'));
  // Its pass is over: a flush in the middle of it would be healed by it.
  await eventually(() => {
    assert.is(sandbox.status().claims, 2);
  }, 20_000);
  await iptables(['-F', 'fail2ban-sshd']);
  await untilDropped('198.51.100.8', 20_000);

  await eventually(() => {
    assert.ok(sandbox.status().passes.some(({ drift }) => drift > 0));
  }, 20_000);
  // One to check the ban, one for the flush, and one to check what it put back; nothing was left to look into.
  assert.is(looks() - before, 3);
});

/** Has iptables-nft note each time that it lists the table, and iptables-nft-restore all that it is told. */
function countingLooks(folder: string): { env: Readonly<Record<string, string>>; looks: () => number } {
  const programs = join(folder, 'programs');
  const log = join(folder, 'looks');
  mkdirSync(programs);
  writeFileSync(log, '');
  const script = `#!/bin/sh\ncase "$*" in *-S*) echo look >>${log};; esac\nexec /usr/sbin/iptables-nft "$@"\n`;
  writeFileSync(join(programs, 'iptables-nft'), script, { mode: 0o755 });
  const standing = `#!/bin/sh\ntee -a ${log} | /usr/sbin/iptables-nft-restore "$@"\n`;
  writeFileSync(join(programs, 'iptables-nft-restore'), standing, { mode: 0o755 });
  return {
    env: { PATH: `${programs}:${process.env['PATH'] ?? ''}` },
    looks: () => readFileSync(log, 'utf8').match(/^(look|-S -v)$/gm)?.length ?? 0,
  };
}

test.run();
