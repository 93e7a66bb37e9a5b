/** What banspool is for, played through: each step is measured at the attacker, by TCP connections of its own. */
import type { Host } from '../lab/host.ts';
import { PORT, type Lab } from '../lab/lab.ts';
import { enter, FIREWALL } from '../lab/topology.ts';
import { eventually } from '../support/eventually.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import type { Sandbox } from '../support/sandbox.ts';
import type { Narrator } from './narrator.ts';

export interface Stage {
  readonly lab: Lab;
  readonly sandbox: Sandbox;
  readonly narrator: Narrator;
}

const LIMIT_MS = 5_000;

/** Plays all steps; throws at the first that does not come out as it should. */
export async function playStory(stage: Stage): Promise<void> {
  await reachServers(stage);
  await banOnce(stage);
  await healFlush(stage);
  await keepSecondClaim(stage);
  await liftLastClaim(stage);
}

async function reachServers({ lab, narrator }: Stage): Promise<void> {
  await expect(lab, 'answered');
  narrator.step(`the attacker reaches ${names(lab)} on port ${PORT}`);
}

async function banOnce({ lab, sandbox, narrator }: Stage): Promise<void> {
  const attacker = lab.attacker.site.ipv4;
  const since = now();
  sandbox.drop('web1', banText(attacker, { failures: 5 }));
  const at = await lab.attacker.watch(target(lab.servers[0]), 'silent', LIMIT_MS);
  narrator.step(`web1 bans ${attacker}: a file in the spool, and its packets are dropped`, at - since);
  await expect(lab, 'silent');
  narrator.step('the attacker reaches no server any more, not only web1');
  narrator.quote('iptables -S', await firewallRules());
}

async function healFlush({ lab, narrator }: Stage): Promise<void> {
  const before = await firewallRules();
  await iptables(['-F'], { enter: enter(FIREWALL) });
  const since = now();
  await eventually(async () => {
    if ((await firewallRules()).join() !== before.join()) throw new Error('the rules are not back');
  });
  narrator.step(
    'somebody runs iptables -F on the firewall: every rule of ours is back in a moment',
    now() - since,
  );
  await expect(lab, 'silent');
}

async function keepSecondClaim({ lab, sandbox, narrator }: Stage): Promise<void> {
  const attacker = lab.attacker.site.ipv4;
  await takeIn(sandbox, 'web2', banText(attacker));
  narrator.step(`web2 bans ${attacker} too`);
  const took = await takeIn(sandbox, 'web1', unbanText(attacker));
  await expect(lab, 'silent');
  narrator.step('web1 unbans it: it stays banned, because web2 still says so', took);
}

async function liftLastClaim({ lab, sandbox, narrator }: Stage): Promise<void> {
  const since = now();
  sandbox.drop('web2', unbanText(lab.attacker.site.ipv4));
  const at = await lab.attacker.watch(target(lab.servers[1]), 'answered', LIMIT_MS);
  narrator.step('web2 unbans it as well: the attacker is let through again', at - since);
  await expect(lab, 'answered');
  // Packets first, then git: what follows shows its log.
  await eventually(() => {
    if (sandbox.status().claims > 0) throw new Error('the pass that lifts the last claim does not end');
  });
}

/** Drops an intent and waits until the controller has taken it in; returns how long that was, in milliseconds. */
async function takeIn(sandbox: Sandbox, server: string, text: string): Promise<number> {
  const since = now();
  sandbox.drop(server, text);
  await eventually(() => {
    if (sandbox.waiting().length > 0) throw new Error(`an intent of ${server} was not taken in`);
  });
  return now() - since;
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

function names(lab: Lab): string {
  return lab.servers.map(({ site }) => `${site.name} (${site.ipv4})`).join(' and ');
}

/** As iptables lists them in the firewall host. */
export async function firewallRules(): Promise<readonly string[]> {
  return iptablesRules({ enter: enter(FIREWALL) });
}

/** Of the same clock in every process. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
