/**
 * `npm run lab -- --fleet tour`: what a fleet does, played through by the commands of the prompt. Each step shows what
 * it types and what comes of it, and goes on when that is what it should be.
 */
import * as assert from 'uvu/assert';
import { Narrator } from '../demo/narrator.ts';
import { eventually } from '../support/eventually.ts';
import { runProgram } from '../support/run-program.ts';
import { ATTACKER } from './topology.ts';

interface Scene {
  readonly title: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly command: string;
  /** What its output holds in the end, where it is typed until then, and what it holds no more. */
  readonly shows?: RegExp;
  readonly lacks?: RegExp;
}

const IP = ATTACKER.ipv4;

/** Two more attackers, while the line is cut: each is known to one firewall. */
const [BY_WEB1, BY_WEB2] = ['198.51.100.66', '198.51.100.67'];

const DROPPED = new RegExp(`-s ${IP}/32 -j DROP`);

const SCENES: readonly Scene[] = [
  {
    title: 'Both firewalls know each other, through the hub',
    steps: [
      { command: 'on hub banspool hub list', shows: /^fw1 .*\n.*^fw2 /ms },
      { command: 'on fw2 banspool peers', shows: /^fw1 .* -$/m },
    ],
  },
  {
    title: `The attacker guesses a password of web1, behind fw1: both firewalls drop ${IP}`,
    steps: [
      { command: 'attack web1', shows: /Permission denied/ },
      { command: 'on fw1 iptables -S', shows: DROPPED },
      { command: 'on fw2 iptables -S', shows: DROPPED },
      { command: 'attack web2', shows: /timed out/ },
      { command: `on fw2 banspool why ${IP}`, shows: /fw1\/web1/ },
    ],
  },
  {
    title: 'You unban the address on fw2, and fw1 lifts its ban too',
    steps: [
      { command: `on fw2 banspool unban ${IP} --wait` },
      { command: 'on fw1 iptables -S', lacks: DROPPED },
      { command: `on fw1 banspool why ${IP}`, shows: /the operator of fw2, unbanned it/ },
      { command: 'on fw1 banspool history --limit 1', shows: /by fw2\/local/ },
    ],
  },
  {
    title: 'The line from fw2 to the hub is cut, and each side bans another address',
    steps: [
      { command: 'unplug fw2' },
      { command: `on web1 fail2ban-client set sshd banip ${BY_WEB1}` },
      { command: `on web2 fail2ban-client set sshd banip ${BY_WEB2}` },
      { command: 'on fw1 banspool list', shows: new RegExp(BY_WEB1), lacks: new RegExp(BY_WEB2) },
      { command: 'on fw2 banspool list', shows: new RegExp(BY_WEB2), lacks: new RegExp(BY_WEB1) },
    ],
  },
  {
    title: 'The line is joined again: both firewalls drop both addresses',
    steps: [
      { command: 'plug fw2' },
      { command: 'on fw1 banspool list', shows: new RegExp(`${BY_WEB1}[^]*${BY_WEB2}`) },
      { command: 'on fw2 banspool list', shows: new RegExp(`${BY_WEB1}[^]*${BY_WEB2}`) },
      { command: 'on fw2 banspool peers', shows: /^fw1 .* -$/m },
    ],
  },
];

/** Plays all scenes with the programs that are found by this environment; throws at the first that goes wrong. */
export async function playTour(env: NodeJS.ProcessEnv, write: (text: string) => void): Promise<void> {
  const narrator = new Narrator(write, { inColor: process.stdout.isTTY && process.stdout.hasColors() });
  for (const { title, steps } of SCENES) {
    narrator.scene(title);
    for (const step of steps) narrator.quote(step.command, await outcomeOf(step, env));
  }
}

/** The lines that the command writes when they are as they should be. */
async function outcomeOf(
  { command, shows, lacks }: Step,
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  return eventually(async () => {
    const { stdout, stderr } = await runProgram(['sh', '-c', command], { env });
    const output = `${stdout}${stderr}`.trimEnd();
    if (shows !== undefined) assert.match(output, shows, `${command}: ${output}`);
    if (lacks !== undefined) assert.not.match(output, lacks, `${command}: ${output}`);
    return output.split(/\r?\n/);
  });
}
