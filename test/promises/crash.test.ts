/** Promise 3: a crash at any instant loses no intent and leaves no rule half made; the next pass finishes. */
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('crashes');

/** CRASHES=100 is what it was first judged by; each takes half a second. */
const CRASHES = Number(process.env['CRASHES'] ?? 12);

/** From the start of Node, or from its first pass, to well into its passes. */
const LONGEST_LIFE_MS = 700;

/** So many kills have to fall into a pass, and not beside one. */
const IN_A_PASS = Math.ceil(CRASHES / 3);

/** On a machine so busy that this is not enough, every other kill waits for a pass. */
const MOST_CRASHES = 10 * CRASHES;

test('kill -9 at any moment under load loses no intent', async () => {
  await using sandbox = await Sandbox.open();
  const expected = new Map<string, boolean>();
  await using writer = keepWriting(sandbox, expected);

  let hits = 0;
  for (let crash = 0; crash < CRASHES || (hits < IN_A_PASS && crash < MOST_CRASHES); crash += 1) {
    const controller = sandbox.spawnController();
    if (crash % 2 === 1) await untilFirstPass(sandbox, controller);
    await delay(Math.random() * LONGEST_LIFE_MS);
    await controller.stop('SIGKILL');
    if (isHeldBy(sandbox, controller)) hits += 1;
  }
  await writer[Symbol.asyncDispose]();
  const last = await sandbox.cli('reconcile');

  assert.ok(hits >= IN_A_PASS, `only ${hits} kills fell into a pass`);
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
  const programs = join(sandbox.folder, 'programs');
  const hangs = join(sandbox.folder, 'hangs');
  mkdirSync(programs);
  // One that stands by is told nothing yet.
  const script = `#!/bin/sh\ncase "$*" in *-v*) ;; *) : >${hangs} ;; esac\nexec sleep 600\n`;
  writeFileSync(join(programs, 'iptables-nft-restore'), script, { mode: 0o755 });
  const first = await sandbox.startController({ PATH: `${programs}:${process.env['PATH'] ?? ''}` });
  sandbox.drop('web1', banText('198.51.100.7'));
  // Its pass holds the lock meanwhile.
  await eventually(() => {
    assert.ok(existsSync(hangs), 'no rules are made');
  });
  await first.stop('SIGKILL');
  assert.ok(isHeldBy(sandbox, first), 'it did not hold the lock');

  await sandbox.startController();

  await eventually(async () => {
    assert.ok((await iptablesRules()).includes('-A fail2ban-sshd -s 198.51.100.7/32 -j DROP'));
  });
});

/** Whether the lock, which a process that is killed leaves behind, names this one. */
function isHeldBy({ state }: Sandbox, { pid }: Child): boolean {
  try {
    return readlinkSync(`${state}.lock`).includes(`"pid":${pid},`);
  } catch {
    return false;
  }
}

/** The last holding of the lock is noted beside it. */
async function untilFirstPass({ state }: Sandbox, { pid }: Child): Promise<void> {
  await eventually(() => {
    assert.match(readFileSync(`${state}.lock.last`, 'utf8'), `"pid":${pid},`);
  });
}

/** Bans and unbans a few hundred addresses, noting what the last word on each was. */
function keepWriting(sandbox: Sandbox, expected: Map<string, boolean>): AsyncDisposable {
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
    [Symbol.asyncDispose]: async () => {
      writer.isOver = true;
      await writing;
    },
  };
}

test.run();
