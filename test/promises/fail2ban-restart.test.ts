/** Promise 7, and the half of 5 that is about fail2ban: its restarts change nothing. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countGenerations } from '../support/count-generations.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText, intentText } from '../support/intent-text.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a restart of fail2ban');

/** In a user namespace the kernel limits a transaction of iptables-nft to some 900 rules (net.core.wmem_max). */
const BANS = isUserNamespace() ? 700 : 1_000;

test('with 1,000 bans makes no change to the firewall and at most one commit', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  const time = Date.now() / 1000 - 100;
  const dropAll = (restored: 0 | 1): void => {
    for (let host = 0; host < BANS; host += 1) {
      sandbox.drop('web1', banText(`10.0.${host >> 8}.${host & 255}`, { time, restored, bantime: 6_000 }));
    }
  };
  dropAll(0);
  await drained(sandbox);
  await eventually(async () => {
    assert.is(await sandbox.git('status', '--porcelain'), '');
  });
  const commits = await countCommits(sandbox);

  const transactions = await countGenerations(async () => {
    // In the order in which fail2ban 1.0 runs its actions, once for each family.
    const now = Date.now() / 1000;
    for (const [offset, intent] of ['flush', 'flush', 'stop', 'stop'].entries()) {
      sandbox.drop('web1', intentText({ intent, time: now + offset / 10 }));
      await drained(sandbox);
    }
    sandbox.drop('web1', intentText({ intent: 'start', ports: '22', time: now + 2 }));
    dropAll(1);
    await drained(sandbox);
  });
  await controller.stop();
  await sandbox.cli('reconcile');

  assert.is(transactions, 0);
  assert.ok((await countCommits(sandbox)) - commits <= 1);
  assert.is((await iptablesRules()).filter((rule) => rule.includes('-j DROP')).length, BANS);
});

test('that stops between a flush and its stop is told apart when the stop comes late', async () => {
  await using sandbox = await Sandbox.open();
  let clock = Date.now();
  const world = worldOf(sandbox, { now: () => clock });
  sandbox.drop('web1', banText('198.51.100.7', { time: clock / 1000 - 60 }));
  sandbox.drop('web1', intentText({ intent: 'flush', time: clock / 1000 }));
  await makePass(world);

  clock += 9_000;
  await makePass(world);
  const inTime = await iptablesRules();
  clock += 2_000;
  await makePass(world);
  const tooLate = await iptablesRules();
  sandbox.drop('web1', intentText({ intent: 'stop', time: clock / 1000 - 10 }));
  sandbox.drop('web1', banText('198.51.100.7', { time: clock / 1000 - 71, restored: 1 }));
  await makePass(world);
  const restored = await iptablesRules();

  const ban = '-A fail2ban-sshd -s 198.51.100.7/32 -j DROP';
  assert.ok(inTime.includes(ban));
  assert.not.ok(tooLate.includes(ban));
  assert.ok(restored.includes(ban));
});

async function drained(sandbox: Sandbox): Promise<void> {
  await eventually(() => {
    assert.equal(sandbox.waiting(), []);
  }, 15_000);
}

async function countCommits(sandbox: Sandbox): Promise<number> {
  return Number(await sandbox.git('rev-list', '--count', 'HEAD'));
}

test.run();
