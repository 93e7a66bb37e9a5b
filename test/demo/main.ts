/**
 * `npm start`: shows on this machine what banspool does, without touching its firewall: all hosts are network
 * namespaces inside of a private one.
 */
import { Lab } from '../lab/lab.ts';
import { enter, FIREWALL } from '../lab/topology.ts';
import { isPrivateNetwork } from '../support/namespaces.ts';
import { runAgainInNamespaces } from '../support/run-again.ts';
import { Sandbox } from '../support/sandbox.ts';
import { FirewallShell } from './firewall-shell.ts';
import { Narrator } from './narrator.ts';
import { playStory } from './story.ts';

/** It takes about 9 s where nothing else runs. */
const TIME_LIMIT_MS = 60_000;

const NEXT = [
  'npm start -- --stay       the same, and then a shell on this firewall',
  'docs/getting-started.md   install it on a firewall and on a server, and make the first ban',
  'docs/README.md            all pages of the manual',
];

async function showDemo(narrator: Narrator): Promise<void> {
  const tooLong = setTimeout(() => {
    narrator.failure(`it took longer than ${TIME_LIMIT_MS / 1000} s`);
    process.exit(1);
  }, TIME_LIMIT_MS);
  await using lab = await Lab.build(2);
  await using sandbox = await Sandbox.open({ enter: enter(FIREWALL) });
  const shell = new FirewallShell(sandbox);
  narrator.title('An attacker, a firewall and two servers, each in its own network namespace');
  await playStory({ lab, sandbox, shell, narrator });
  clearTimeout(tooLong);
  if (process.argv.includes('--stay')) {
    await shell.handOver();
    return;
  }
  narrator.title('What next');
  for (const line of NEXT) narrator.outcome(line);
}

async function main(): Promise<number> {
  if (!isPrivateNetwork()) return runAgainInNamespaces();
  const { stdout } = process;
  const narrator = new Narrator((text) => stdout.write(text), {
    inColor: stdout.isTTY && stdout.hasColors(),
  });
  try {
    await showDemo(narrator);
    return 0;
  } catch (error) {
    narrator.failure(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

process.exit(await main());
