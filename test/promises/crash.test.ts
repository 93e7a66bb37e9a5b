/** Promise 3: a crash at any instant loses no intent and leaves no rule half made; the next pass finishes. */
import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('crashes');

/** CRASHES=100 is what it was first judged by; each takes half a second. */
const CRASHES = Number(process.env['CRASHES'] ?? 12);

/** From the start of Node to well into its passes. */
const LONGEST_LIFE_MS = 700;

test('kill -9 at any moment under load loses no intent', async () => {
  await using sandbox = await Sandbox.open();
  const expected = new Map<string, boolean>();
  const writer = keepWriting(sandbox, expected);

  for (let crash = 0; crash < CRASHES; crash += 1) {
    const controller = sandbox.spawnController();
    await delay(Math.random() * LONGEST_LIFE_MS);
    await controller.stop('SIGKILL');
  }
  await writer.stop();
  const last = await sandbox.cli('reconcile');

  assert.is(last.code, 0, last.stderr);
  const rules = await iptablesRules();
  const dropped = rules.flatMap((rule) => /^-A fail2ban-sshd -s (\S+)\/32 -j DROP$/.exec(rule)?.[1] ?? []);
  const banned = [...expected].flatMap(([ip, isBanned]) => (isBanned ? [ip] : []));
  assert.ok(banned.length > CRASHES, `only ${banned.length} bans were written`);
  assert.equal(dropped.toSorted(), banned.toSorted());
  assert.equal(sandbox.waiting(), []);
  assert.is(await sandbox.git('status', '--porcelain'), '');
  await sandbox.git('fsck', '--strict');
});

test('a controller that starts after kill -9 does not wait until the dead one’s lock is old', async () => {
  await using sandbox = await Sandbox.open();
  const first = await sandbox.startController();
  sandbox.drop('web1', banText('198.51.100.7'));
  // Killed while it holds the lock, more likely than not.
  await delay(5);
  await first.stop('SIGKILL');

  await sandbox.startController();

  await eventually(async () => {
    assert.ok((await iptablesRules()).includes('-A fail2ban-sshd -s 198.51.100.7/32 -j DROP'));
  });
});

/** Bans and unbans a few hundred addresses, noting what the last word on each was. */
function keepWriting(sandbox: Sandbox, expected: Map<string, boolean>): { stop: () => Promise<void> } {
  const writer = { isOver: false };
  const writing = (async () => {
    for (let number = 0; !writer.isOver; number += 1) {
      const ip = `10.9.${Math.floor(Math.random() * 3)}.${Math.floor(Math.random() * 250)}`;
      const isBan = Math.random() < 0.7;
      // Each a millisecond after the one before: two of the same moment have no order.
      const time = (Date.now() + number) / 1000 - 600;
      const fields = { time, ...(isBan && { bantime: 6_000 }) };
      sandbox.drop('web1', isBan ? banText(ip, fields) : unbanText(ip, fields));
      expected.set(ip, isBan);
      await delay(2);
    }
  })();
  return {
    stop: async () => {
      writer.isOver = true;
      await writing;
    },
  };
}

test.run();
