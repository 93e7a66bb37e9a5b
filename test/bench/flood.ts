/** A good server's ban while stolen keys flood the spool: one with odd YAML, two hundred with files in plenty. */
import { setTimeout as delay } from 'node:timers/promises';
import { banText, unbanText } from '../support/intent-text.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { ATTACKER, type Attacker } from './attacker.ts';
import { openSandbox, type Bench } from './bench.ts';
import { crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';
import { settled, startController } from './settled.ts';

const ODD_FILES = 300;
const SERVERS = 200;
const FILES_EACH = 200;

const ALONE_ROUNDS = 40;

/** With each round, bans come at another point of the passes that work the flood off. */
const MOST_ROUNDS = 60;

export async function flood(attacker: Attacker, bench: Bench): Promise<readonly Figure[]> {
  await using sandbox = await openSandbox(bench);
  for (let server = 0; server < SERVERS; server += 1) sandbox.drop(`flood${server}`, banText('192.0.2.1'));
  const controller = await startController(sandbox);

  const alone: number[] = [];
  for (let round = 0; round < ALONE_ROUNDS; round += 1) alone.push(await banOnce(sandbox, attacker));
  await settled(sandbox);

  controller.process.kill('SIGSTOP');
  pour(sandbox);
  controller.process.kill('SIGCONT');
  const flooded: number[] = [];
  while (flooded.length < MOST_ROUNDS && isFlooded(sandbox)) flooded.push(await banOnce(sandbox, attacker));
  if (flooded.length === 0) throw new Error('the flood was over before anything was measured');
  return [
    figureOf('a ban, before the flood', alone),
    figureOf('the same, while a flood waits', flooded, {
      bare: { what: 'before the flood', samples: alone },
      goal: {
        words: 'median 5 times as before, all under 250 ms',
        most: { ratio: 5, p99: 250 },
      },
    }),
  ];
}

/** From the file to the last packet, and the packets let through again. */
export async function banOnce(sandbox: Sandbox, attacker: Attacker): Promise<number> {
  await attacker.heard(60_000);
  // Anywhere in a pass, not always right behind the one that lifted the last ban.
  await delay(Math.random() * 200);
  const droppedAt = performance.now();
  sandbox.drop('good', banText(ATTACKER, { protocol: 'all', ports: 'all' }));
  const took = (await attacker.silenced(60_000)) - droppedAt;
  sandbox.drop('good', unbanText(ATTACKER));
  return took;
}

function pour(sandbox: Sandbox): void {
  for (let file = 0; file < ODD_FILES; file += 1) sandbox.drop('odd', oddText(file));
  for (const [index, ip] of crowd(SERVERS * FILES_EACH).entries())
    sandbox.drop(`flood${index % SERVERS}`, banText(ip, { jail: 'flood' }));
}

/** Well-formed, long, and dear to read: a list of nothing much. */
function oddText(file: number): string {
  return `intent: ban\nip: 203.0.113.${file % 250}\nnote: [${'a,'.repeat(4_000)}]\n...\n`;
}

function isFlooded(sandbox: Sandbox): boolean {
  return sandbox.waiting().some((place) => !place.startsWith('good/'));
}
