/**
 * Looks for rules of ours that nobody manages, and that drop packets all the same: in the variant of iptables that is
 * not used, and in a family that the config does not name.
 */
import { isOurs } from '../chain.ts';
import { FAMILIES, type Family } from '../../domain/net.ts';
import { readNativeTable } from './observed/native-table.ts';
import { observe } from './observed/observe.ts';
import { RAW_HOOK } from './wanted/early.ts';
import { countText } from '../../domain/words.ts';
import { BanspoolError, messageOf, type ErrorCode } from '../../system/error.ts';
import type { Table, Tools } from '../../system/firewall/iptables.ts';
import type { Variant } from '../../domain/variant.ts';
import type { Problem } from '../../domain/conditions.ts';
import type { World } from '../../world/world.ts';

/** A problem for each place where chains of ours are left, or that does not say what it holds. */
export async function findLeftovers(world: World, firewall: Tools): Promise<readonly Problem[]> {
  const { families } = world.config;
  const problems: Problem[] = [];
  for (const family of FAMILIES) {
    const find = families.includes(family) ? findInOther : findInUnnamed;
    problems.push(...(await find(world, firewall, family)));
  }
  return problems;
}

async function findInOther({ config }: World, firewall: Tools, family: Family): Promise<readonly Problem[]> {
  const other = otherThan(firewall.variant);
  const condition = 'OtherVariantClean';
  const { chainPrefix: prefix } = config;
  const list: List = (table) => firewall.listOther(family, table);
  const chains = await chainsIn(firewall, list, { family, prefix });
  if (typeof chains === 'string') {
    const message = `${family}: cannot tell whether iptables-${other} has banspool's rules: ${chains}`;
    return [{ condition, reason: 'Unreadable', message }];
  }
  if (chains.length === 0) return [];
  const message = `${family}: iptables-${other} still has ${chainsText(chains)}; banspool uses iptables-${firewall.variant} and ignores them: remove them, or set iptables: ${other}`;
  return [{ condition, reason: 'Leftovers', message }];
}

/** In both variants. What cannot be read is nothing to tell: a machine without IPv6 is why it may not be named. */
async function findInUnnamed(
  { config }: World,
  firewall: Tools,
  family: Family,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [variant, list] of [
    [firewall.variant, firewall.listUnnamed],
    [otherThan(firewall.variant), firewall.listOther],
  ] as const) {
    const place = { family, prefix: config.chainPrefix };
    const chains = await chainsIn(firewall, (table) => list(family, table), place);
    if (typeof chains === 'string' || chains.length === 0) continue;
    const message = `${family}: iptables-${variant} still has ${chainsText(chains)}; the config does not list ${family} in families, so banspool ignores them: add it to families, or remove them`;
    problems.push({ condition: 'OtherVariantClean', reason: 'FamilyNotNamed', message });
  }
  return problems;
}

function otherThan(variant: Variant): Variant {
  return variant === 'nft' ? 'legacy' : 'nft';
}

/** `4 chains of ours (fail2ban-a, fail2ban-b, fail2ban-c, …)`. */
function chainsText(chains: readonly string[]): string {
  const shown = chains.slice(0, 3).join(', ') + (chains.length > 3 ? ', …' : '');
  return `${countText(chains.length, 'chain')} of banspool (${shown})`;
}

type List = (table: Table) => Promise<string>;

interface Place {
  readonly family: Family;
  readonly prefix: string;
}

/** Their names; why they cannot be told, where that is so. */
async function chainsIn(tools: Tools, list: List, place: Place): Promise<readonly string[] | string> {
  const chains = await chainsInFilter(tools, () => list('filter'), place);
  if (typeof chains === 'string') return chains;
  // Where raw cannot be listed, nothing of ours could be put there either.
  const raw = await list('raw').catch(() => '');
  return [...chains, ...chainsOf(raw, { ...place, first: RAW_HOOK })];
}

function chainsOf(text: string, place: Place & { readonly first?: string }): readonly string[] {
  const listing = observe(text, place);
  if (listing.kind !== 'observed') return [];
  return [...listing.observed.chains.keys()].filter((chain) => isOurs(chain, place.prefix));
}

async function chainsInFilter(
  { piecemeal }: Tools,
  list: () => Promise<string>,
  { family, prefix }: Place,
): Promise<readonly string[] | string> {
  try {
    return chainsOf(await list(), { family, prefix });
  } catch (error) {
    if (error instanceof BanspoolError && error.code === 'native-rules' && piecemeal !== undefined) {
      const read = readNativeTable(await piecemeal.table(family).catch(() => ''), prefix);
      return read.kind === 'read' ? read.ours : messageOf(error);
    }
    if (error instanceof BanspoolError && LEAVES_NOTHING.has(error.code)) return [];
    return messageOf(error);
  }
}

/** A program that is not installed has left nothing behind, nor has one whose part of the kernel is missing. */
const LEAVES_NOTHING: ReadonlySet<ErrorCode> = new Set(['command-missing', 'not-supported']);
