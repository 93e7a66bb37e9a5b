/** What banspool is for, played through: each step is measured at the attacker, by TCP connections of its own. */
import type { Host } from '../lab/host.ts';
import { PORT, type Lab } from '../lab/lab.ts';
import { ATTACKER, enter, FIREWALL } from '../lab/topology.ts';
import type { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import type { Sandbox } from '../support/sandbox.ts';
import type { FirewallShell } from './firewall-shell.ts';
import type { Narrator } from './narrator.ts';

export interface Stage {
  readonly lab: Lab;
  readonly sandbox: Sandbox;
  readonly shell: FirewallShell;
  readonly narrator: Narrator;
}

const LIMIT_MS = 5_000;

const ATTACKER_IP = ATTACKER.ipv4;

/** The attacker and its neighbours. */
const NET = '198.51.100.0/24';

/** Plays all scenes; throws at the first that does not come out as it should. The controller runs on. */
export async function playStory(stage: Stage): Promise<void> {
  const controller = await startController(stage);
  await banOnce(stage);
  await repairFlush(stage);
  await keepSecondClaim(stage);
  await liftLastClaim(stage);
  await planWhileStopped(stage, controller);
  await banByHand(stage);
}

async function startController({ lab, sandbox, narrator }: Stage): Promise<Child> {
  narrator.scene('banspool starts on the firewall');
  const controller = await sandbox.startController();
  await expect(lab, 'answered');
  narrator.outcome(`The attacker, ${ATTACKER_IP}, can reach port ${PORT} of web1 and of web2.`);
  return controller;
}

async function banOnce(stage: Stage): Promise<void> {
  const { lab, sandbox, narrator } = stage;
  narrator.scene(`web1 bans ${ATTACKER_IP}: it sends a small file to the firewall`);
  const since = now();
  sandbox.drop('web1', banText(ATTACKER_IP, { failures: 5 }));
  const at = await lab.attacker.watch(target(lab.servers[0]), 'silent', LIMIT_MS);
  await expect(lab, 'silent');
  narrator.outcome("{} later the firewall drops the attacker's packets to web1 and to web2.", at - since);
  await settle(sandbox);
  await show(stage, 'banspool list');
  await show(stage, 'iptables -S');
}

async function repairFlush(stage: Stage): Promise<void> {
  const { lab, sandbox, narrator } = stage;
  narrator.scene('Another program deletes all rules: iptables -F');
  const before = await firewallRules();
  await iptables(['-F'], { enter: enter(FIREWALL) });
  const since = now();
  await eventually(async () => {
    if ((await firewallRules()).join() !== before.join()) throw new Error('the rules are not back');
  });
  narrator.outcome('{} later banspool has restored its rules.', now() - since);
  await expect(lab, 'silent');
  await eventually(async () => {
    if (!(await sandbox.git('log', '-1')).includes('Repair'))
      throw new Error('the repair is not in the history');
  });
  await show(stage, 'banspool history --limit 1');
}

async function keepSecondClaim(stage: Stage): Promise<void> {
  const { lab, sandbox, narrator } = stage;
  narrator.scene(`web2 bans ${ATTACKER_IP} too, and then web1 unbans it`);
  for (const [server, text] of [
    ['web2', banText(ATTACKER_IP)],
    ['web1', unbanText(ATTACKER_IP)],
  ] as const) {
    sandbox.drop(server, text);
    await settle(sandbox);
  }
  await expect(lab, 'silent');
  narrator.outcome('The attacker stays banned, because web2 still claims it.');
  await show(stage, `banspool why ${ATTACKER_IP}`);
}

async function liftLastClaim({ lab, sandbox, narrator }: Stage): Promise<void> {
  narrator.scene(`web2 unbans ${ATTACKER_IP} as well`);
  const since = now();
  sandbox.drop('web2', unbanText(ATTACKER_IP));
  const at = await lab.attacker.watch(target(lab.servers[1]), 'answered', LIMIT_MS);
  await expect(lab, 'answered');
  narrator.outcome('{} later the attacker is allowed again.', at - since);
  await settle(sandbox);
}

async function planWhileStopped(stage: Stage, controller: Child): Promise<void> {
  const { lab, sandbox, narrator } = stage;
  narrator.scene(`banspool stops, and web1 bans ${ATTACKER_IP} again`);
  await controller.stop();
  sandbox.drop('web1', banText(ATTACKER_IP, { failures: 3 }));
  narrator.outcome('The file waits in the spool. Before banspool starts, see what it will change:');
  await show(stage, 'banspool plan');
  await sandbox.startController();
  await expect(lab, 'silent');
  await settle(sandbox);
  narrator.gap();
  narrator.outcome('banspool starts, and the attacker is banned.');
}

async function banByHand(stage: Stage): Promise<void> {
  const { lab, sandbox, narrator } = stage;
  narrator.scene('You ban a network for two days');
  await show(stage, `banspool ban ${NET} --for 2d --reason "password guessing" --wait`);
  await show(stage, 'banspool status');
  narrator.scene('You lift this ban and those of the servers');
  await show(stage, `banspool unban ${NET} ${ATTACKER_IP} --wait`);
  await expect(lab, 'answered');
  await settle(sandbox);
  narrator.gap();
  narrator.outcome('The attacker is allowed again. Git keeps what happened:');
  await show(stage, 'banspool history --limit 4');
  await show(stage, 'banspool plan');
}

/** Runs a command on the firewall, and quotes it. */
async function show({ shell, narrator }: Stage, command: string): Promise<void> {
  narrator.quote(command, await shell.run(command));
}

/** Waits until the controller has taken in all files, and has committed: packets come first, then git. */
async function settle(sandbox: Sandbox): Promise<void> {
  await eventually(async () => {
    const changed = await sandbox.git('--no-optional-locks', 'status', '--porcelain');
    if (sandbox.waiting().length > 0 || changed !== '') throw new Error('the controller has not finished');
  });
}

async function expect(lab: Lab, outcome: 'answered' | 'silent'): Promise<void> {
  await Promise.all(
    lab.servers.map(async (server) => {
      const found = await (outcome === 'answered'
        ? lab.attacker.reach(target(server))
        : lab.attacker.connect(target(server)));
      if (found !== outcome) {
        throw new Error(`a connection to ${server.site.name} was ${found}, not ${outcome}`);
      }
    }),
  );
}

function target(server: Host | undefined): { address: string; port: number } {
  return { address: server?.site.ipv4 ?? '', port: PORT };
}

/** As iptables lists them in the firewall host. */
async function firewallRules(): Promise<readonly string[]> {
  return iptablesRules({ enter: enter(FIREWALL) });
}

/** Of the same clock in every process. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
