/** Looks at what a pass needs of the firewall: its programs, its tables, its hooks, its sets, and news of its changes. */
import { hasFlowtable, listOffloaded } from '../system/firewall/conntrack.ts';
import { observeSetHeads } from '../firewall/iptables/observed/observe-sets.ts';
import { isHeld, rulesInto } from '../firewall/iptables/plan/spare-sets.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { isRoot } from '../system/host.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import { savedRulesFindings } from '../firewall/find-saved.ts';
import type { Finding } from '../domain/finding.ts';
import { findLeftovers } from '../firewall/leftovers.ts';
import { readTable } from '../firewall/iptables/read-firewall.ts';
import { heldSetsWords } from '../firewall/problems.ts';
import type { World } from '../world/world.ts';

/** Every finding; without iptables just that one. */
export async function firewallFindings(world: World): Promise<readonly Finding[]> {
  let firewall: Tools;
  try {
    firewall = await world.openFirewall();
  } catch (error) {
    return [{ level: 'bad', what: messageOf(error), mend: 'apt install iptables' }];
  }
  const variant = `iptables, variant ${firewall.variant} (iptables: ${world.config.iptables})`;
  return [
    { level: 'good', what: variant },
    ...(await tableFindings(world, firewall)),
    ...setsFindings(world, firewall),
    ...(await heldSetsFindings(world, firewall)),
    ...(await flowFindings(world)),
    ...(firewall.variant === 'nft' ? [await newsFinding(world)] : []),
    ...(await leftoverFindings(world, firewall)),
    ...(await savedRulesFindings(world)),
  ];
}

async function tableFindings(world: World, firewall: Tools): Promise<readonly Finding[]> {
  const { families, hooks, chainPrefix: prefix } = world.config;
  const findings: Finding[] = [];
  for (const family of families) {
    try {
      const { observed, isPiecemeal } = await readTable(firewall, { family, prefix, now: world.now });
      const how = isPiecemeal ? ', through nft: it holds native rules, which iptables -S cannot list' : '';
      findings.push({ level: 'good', what: `${family}: the filter table can be read${how}` });
      for (const hook of hooks.filter((each) => !observed.chains.has(each))) {
        const mend = 'it is made by another program, or take it out of hooks in the config';
        findings.push({
          level: 'warn',
          what: `${family}: there is no chain ${hook} yet; its jumps wait for it`,
          mend,
        });
      }
    } catch (error) {
      const mend =
        error instanceof BanspoolError && error.hint !== undefined
          ? error.hint
          : `or set families without ${family}`;
      findings.push({ level: 'bad', what: `${family}: ${messageOf(error)}`, mend });
    }
  }
  return findings;
}

/** Chains of many bans look into a set each. */
function setsFindings({ config }: World, { sets }: Tools): readonly Finding[] {
  if (config.backend === 'rules') return [];
  if (sets.kind === 'usable') return [{ level: 'good', what: 'ipset can be used' }];
  const use = config.backend === 'ipset' ? 'every chain' : 'a chain of more than 1,000 bans';
  const mend = mendOfSets(sets);
  const level = config.backend === 'ipset' ? 'bad' : 'warn';
  return [{ level, what: `${sets.reason}, and ${use} wants a set`, mend }];
}

/** Sets with names of ours that are of no use, as a pass finds them: what cannot be read is told above. */
async function heldSetsFindings({ config, now }: World, firewall: Tools): Promise<readonly Finding[]> {
  const { sets } = firewall;
  if (sets.kind === 'unusable') return [];
  const findings: Finding[] = [];
  for (const family of config.families) {
    const place = { family, prefix: config.chainPrefix, now };
    try {
      const { observed } = await readTable(firewall, place);
      const held = observeSetHeads(await sets.heads(), place)
        .filter((set) => isHeld(set, observed))
        .filter(({ make, name }) => make === 'alien' || rulesInto(name, observed).length === 0)
        .map(({ name }) => name);
      if (held.length > 0) findings.push({ level: 'warn', ...heldSetsWords(family, held) });
    } catch (error) {
      if (!(error instanceof BanspoolError)) throw error;
    }
  }
  return findings;
}

/** A flow that a flowtable took over meets no rule. */
async function flowFindings({ run }: World): Promise<readonly Finding[]> {
  if (!(await hasFlowtable(run))) return [];
  try {
    await listOffloaded(run, 'ipv4');
    return [{ level: 'good', what: 'there is a flowtable; connections in it end with a ban' }];
  } catch (error) {
    const what = `there is a flowtable, and a ban ends no connection in it: ${messageOf(error)}`;
    return [{ level: 'bad', what, mend: 'apt install conntrack' }];
  }
}

/** Root may lack the right as well, in a container. */
function mendOfSets({ lack }: Extract<Tools['sets'], { readonly kind: 'unusable' }>): string {
  if (lack === 'program') return 'apt install ipset';
  return isRoot() ? 'let this container have it' : 'run doctor as root; the units give it';
}

async function newsFinding({ run, config }: World): Promise<Finding> {
  try {
    const { stdout } = await run('nft', ['--version']);
    return { level: 'good', what: `${stdout.trim()}: what other programs change is heard of at once` };
  } catch (error) {
    const what = `${messageOf(error)}: what other programs change is found every ${config.interval / 1000} s`;
    return { level: 'warn', what, mend: 'apt install nftables' };
  }
}

async function leftoverFindings(world: World, firewall: Tools): Promise<readonly Finding[]> {
  try {
    const leftovers = await findLeftovers(world, firewall);
    return leftovers.map(({ message }): Finding => ({ level: 'warn', what: message }));
  } catch (error) {
    return [{ level: 'warn', what: `the other variant cannot be looked at: ${messageOf(error)}` }];
  }
}
