/** Looks at what a pass needs of the firewall: what its data plane tells, and news of its changes. */
import { hasFlowtable, listOffloaded } from '../system/firewall/conntrack.ts';
import { messageOf } from '../system/error.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import { savedRulesFindings } from '../firewall/find-saved.ts';
import { NOTHING_ENFORCED } from '../config/mode.ts';
import type { Finding } from '../domain/finding.ts';
import { DATAPLANE } from '../firewall/open-dataplane.ts';
import type { World } from '../world/world.ts';

/** Every finding; without iptables just that one. */
export async function firewallFindings(world: World): Promise<readonly Finding[]> {
  const observing = world.config.mode === 'observe' ? [OBSERVING] : [];
  let firewall: Tools;
  try {
    firewall = await world.openFirewall();
  } catch (error) {
    return [...observing, { level: 'bad', what: messageOf(error), mend: 'apt install iptables' }];
  }
  return [
    ...observing,
    ...(await DATAPLANE.diagnose(world, firewall)),
    ...(await flowFindings(world)),
    ...(firewall.variant === 'nft' ? [await newsFinding(world)] : []),
    ...(await leftoverFindings(world, firewall)),
    ...(await savedRulesFindings(world)),
  ];
}

const OBSERVING: Finding = {
  level: 'warn',
  what: NOTHING_ENFORCED,
  mend: 'banspool plan shows what enforcing would change; then set mode: enforce in the config, and systemctl reload banspool',
};

/** A flow that a flowtable took over meets no rule. */
async function flowFindings({ run }: World): Promise<readonly Finding[]> {
  if (!(await hasFlowtable(run))) return [];
  try {
    await listOffloaded(run, 'ipv4');
    return [{ level: 'good', what: 'a flowtable is in use; a ban ends connections in it' }];
  } catch (error) {
    const what = `a flowtable is in use, and a ban does not end connections in it: ${messageOf(error)}`;
    return [{ level: 'bad', what, mend: 'apt install conntrack' }];
  }
}

async function newsFinding({ run, config }: World): Promise<Finding> {
  try {
    const { stdout } = await run('nft', ['--version']);
    return { level: 'good', what: `${stdout.trim()}: changes by other programs are detected at once` };
  } catch (error) {
    const what = `${messageOf(error)}: changes by other programs are detected every ${config.interval / 1000} s`;
    return { level: 'warn', what, mend: 'apt install nftables' };
  }
}

async function leftoverFindings(world: World, firewall: Tools): Promise<readonly Finding[]> {
  try {
    const leftovers = await DATAPLANE.findLeftovers(world, firewall);
    return leftovers.map(({ message }): Finding => ({ level: 'warn', what: message }));
  } catch (error) {
    return [{ level: 'warn', what: `the other iptables variant cannot be read: ${messageOf(error)}` }];
  }
}
