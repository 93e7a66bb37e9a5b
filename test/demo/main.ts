/**
 * `npm start`: shows on this machine what banspool does, without touching its firewall: all hosts are network
 * namespaces inside of a private one.
 */
import { Lab } from '../lab/lab.ts';
import { enter, FIREWALL } from '../lab/topology.ts';
import { isPrivateNetwork } from '../support/namespaces.ts';
import { runAgainInNamespaces } from '../support/run-again.ts';
import { Sandbox } from '../support/sandbox.ts';
import { Narrator } from './narrator.ts';
import { openShell } from './stay.ts';
import { firewallRules, playStory } from './story.ts';

/** It takes about 5 s where nothing else runs. */
const TIME_LIMIT_MS = 60_000;

async function showDemo(narrator: Narrator): Promise<void> {
  const tooLong = setTimeout(() => {
    narrator.failure(`it took longer than ${TIME_LIMIT_MS / 1000} s`);
    process.exit(1);
  }, TIME_LIMIT_MS);
  await using lab = await Lab.build(2);
  await using sandbox = await Sandbox.open({ enter: enter(FIREWALL) });
  narrator.title('An attacker, a firewall and two servers, each in a network namespace of its own');
  const controller = await sandbox.startController();
  narrator.step('banspool run watches the spool on the firewall');
  await playStory({ lab, sandbox, narrator });
  narrator.quote('iptables -S', await firewallRules());
  const log = await sandbox.git('log', '--oneline', '--stat');
  narrator.quote('git log --oneline --stat   (in the state)', log.trimEnd().split('\n'));
  clearTimeout(tooLong);
  if (process.argv.includes('--stay')) await openShell(sandbox);
  await controller.stop();
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
