/** One ban under a policy with 20,000 lines of `deny`, beside one with 3: in turns, by the same controller. */
import type { Sandbox } from '../support/sandbox.ts';
import type { Attacker } from './attacker.ts';
import { openSandbox, type Bench } from './bench.ts';
import { crowd } from './crowd.ts';
import { cpuOf } from './fleet/cpu.ts';
import { figureOf, type Figure } from './figure.ts';
import { timeBan } from './one-ban.ts';
import { membersOf, startController, until } from './settled.ts';

const MANY = 20_000;
const FEW = 3;

/** Each policy is read so often. */
const TURNS = 6;
/** Under each, after some that are not counted. */
const BANS = 10;
const WARM_UP = 2;

export async function deny(attacker: Attacker, bench: Bench): Promise<readonly Figure[]> {
  await using sandbox = await openSandbox(bench);
  sandbox.writePolicy(policyOf(FEW));
  const controller = await startController(sandbox);
  const samples = new Map<number, number[]>([MANY, FEW].map((lines) => [lines, []]));
  const cpu = new Map<number, number[]>([MANY, FEW].map((lines) => [lines, []]));
  for (let turn = 0; turn < bench.rounds(TURNS); turn += 1) {
    for (const lines of turn % 2 === 0 ? [FEW, MANY] : [MANY, FEW]) {
      await bench.turn();
      await readPolicy(sandbox, lines);
      for (let ban = 0; ban < WARM_UP; ban += 1) await timeBan(sandbox, attacker);
      const before = cpuOf(controller.pid);
      for (let ban = 0; ban < BANS; ban += 1) samples.get(lines)?.push(await timeBan(sandbox, attacker));
      cpu.get(lines)?.push((cpuOf(controller.pid) - before) / BANS);
    }
  }
  const figure = (name: string, of: ReadonlyMap<number, readonly number[]>): Figure =>
    figureOf(name, of.get(MANY) ?? [], {
      bare: { what: '3 lines', samples: of.get(FEW) ?? [] },
      // What differs less than two series of the same do.
      goal: { words: 'as with 3 lines (1.1)', most: { ratio: 1.1 } },
    });
  return [
    figure('one ban, 20,000 lines of deny', samples),
    figure('one ban, 20,000 lines of deny, CPU of it, its end and both commits', cpu),
  ];
}

function policyOf(lines: number): string {
  return `deny:\n${crowd(lines)
    .map((ip) => `  - { net: ${ip} }\n`)
    .join('')}`;
}

/** Edits the policy, and waits until all of it is enforced: the many by a set, the few by rules. */
async function readPolicy(sandbox: Sandbox, lines: number): Promise<void> {
  sandbox.writePolicy(policyOf(lines));
  const members = lines === MANY ? MANY : 0;
  await until('the policy is not enforced', async () => (await membersOf('fail2ban-.deny')) === members);
}
