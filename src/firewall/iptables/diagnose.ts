/** Looks for doctor at what a pass needs of iptables and ipset: the programs, the tables, the hooks, the sets. */
import { BanspoolError, messageOf } from '../../system/error.ts';
import { isRoot } from '../../system/host.ts';
import type { Tools } from '../../system/firewall/iptables.ts';
import type { Finding } from '../../domain/finding.ts';
import type { World } from '../../world/world.ts';
import { heldSetsWords } from '../problems.ts';
import { MEND_OF_RAW } from './backend-problems.ts';
import { observeSetHeads } from './observed/observe-sets.ts';
import { isHeld, rulesInto } from './plan/spare-sets.ts';
import { readRaw, readTable } from './read-firewall.ts';

/** Every finding, of the programs that were found. */
export async function diagnose(world: World, firewall: Tools): Promise<readonly Finding[]> {
  const variant = `iptables, variant ${firewall.variant} (iptables: ${world.config.iptables})`;
  return [
    { level: 'good', what: variant },
    ...(await tableFindings(world, firewall)),
    ...(world.config.early ? await rawFindings(world, firewall) : []),
    ...setsFindings(world, firewall),
    ...(await heldSetsFindings(world, firewall)),
  ];
}

async function tableFindings(world: World, firewall: Tools): Promise<readonly Finding[]> {
  const { families, hooks, chainPrefix: prefix } = world.config;
  const findings: Finding[] = [];
  for (const family of families) {
    try {
      const { observed, isPiecemeal } = await readTable(firewall, { family, prefix, now: world.now });
      const how = isPiecemeal ? ', through nft: it contains native rules, which iptables -S cannot list' : '';
      findings.push({ level: 'good', what: `${family}: the filter table can be read${how}` });
      for (const hook of hooks.filter((each) => !observed.chains.has(each))) {
        const mend = 'start the program that creates it, or remove it from hooks in the config';
        findings.push({
          level: 'warn',
          what: `${family}: the chain ${hook} does not exist yet; its jumps are added when it appears`,
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

async function rawFindings({ config }: World, firewall: Tools): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const family of config.families) {
    const raw = await readRaw(firewall, { family, prefix: config.chainPrefix, isUsed: true });
    findings.push(
      raw.kind === 'unreadable'
        ? { level: 'warn', what: `${family}: ${raw.reason}, so nothing is dropped early`, mend: MEND_OF_RAW }
        : { level: 'good', what: `${family}: the table raw can be read (early: true)` },
    );
  }
  return findings;
}

/** Chains of many bans look into a set each. */
function setsFindings({ config }: World, { sets }: Tools): readonly Finding[] {
  if (config.backend === 'rules') return [];
  if (sets.kind === 'usable') return [{ level: 'good', what: 'ipset can be used' }];
  const many = config.early ? 'a chain of all ports (early: true)' : 'a chain of more than 1,000 bans';
  const use = config.backend === 'ipset' ? 'every chain' : many;
  const mend = mendOfSets(sets);
  const level = config.backend === 'ipset' ? 'bad' : 'warn';
  return [{ level, what: `${sets.reason}, but ${use} needs a set`, mend }];
}

/** Sets with names of ours that are of no use, as a pass finds them: what cannot be read is told above. */
async function heldSetsFindings({ config, now }: World, firewall: Tools): Promise<readonly Finding[]> {
  const { sets } = firewall;
  if (sets.kind === 'unusable') return [];
  const findings: Finding[] = [];
  for (const family of config.families) {
    const place = { family, prefix: config.chainPrefix, now };
    try {
      const table = await readTable(firewall, place);
      const observed = { ...table.observed, raw: await readRaw(firewall, { ...place, isUsed: true }) };
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

/** Root may lack the right as well, in a container. */
function mendOfSets({ lack }: Extract<Tools['sets'], { readonly kind: 'unusable' }>): string {
  if (lack === 'program') return 'apt install ipset';
  return isRoot()
    ? 'grant CAP_NET_RAW to this container'
    : 'run doctor as root; the systemd units have CAP_NET_RAW';
}
