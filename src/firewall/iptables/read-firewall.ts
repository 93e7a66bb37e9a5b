/** Reads what one family's firewall holds: the filter table, and the sets of ours beside it. */
import { isOurs } from '../chain.ts';
import { NATIVE_RULE } from './rules/rule-words.ts';
import { readNativeTable, withHandles } from './observed/native-table.ts';
import { observe, rawChains, type Observed, type RawTable } from './observed/observe.ts';
import { readSets } from './read-sets.ts';
import { RAW_HOOK } from './wanted/early.ts';
import type { Family } from '../../domain/net.ts';
import { BanspoolError, messageOf } from '../../system/error.ts';
import type { Tools, Piecemeal } from '../../system/firewall/iptables.ts';

export interface ReadFirewallOptions {
  readonly family: Family;
  readonly prefix: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface ReadRawOptions extends Pick<ReadFirewallOptions, 'family' | 'prefix'> {
  /** True where something of ours is to be in it. */
  readonly isUsed: boolean;
  /** What was seen before, of this process. */
  readonly known?: RawTable | undefined;
}

interface ReadAllOptions extends ReadFirewallOptions {
  /** What was seen before, of this process. */
  readonly known?: Observed | undefined;
}

export interface TableReading {
  readonly observed: Observed;
  /** Lines that iptables printed and that are no rules. */
  readonly noise: readonly string[];
  /** It holds native rules, and was read by nft and chain by chain. */
  readonly isPiecemeal: boolean;
}

/** Reads all of it; throws when a listing cannot be trusted. */
export async function readFirewall(firewall: Tools, place: ReadAllOptions): Promise<TableReading> {
  const sets = readSets(firewall.sets, { ...place, known: place.known?.sets });
  // Where the table cannot be read nobody asks for them.
  sets.catch(() => undefined);
  const { observed, ...rest } = await readTable(firewall, place);
  return { observed: { ...observed, sets: await sets }, ...rest };
}

/** Reads the table alone. */
export async function readTable(
  firewall: Tools,
  { family, prefix }: ReadFirewallOptions,
): Promise<TableReading> {
  const { text, handles } = await listingOf(firewall, { family, prefix });
  const listing = observe(text, { family, prefix });
  if (listing.kind === 'observed') {
    const { observed, noise } = listing;
    if (handles === undefined) return { observed, noise, isPiecemeal: false };
    return { observed: withHandles(observed, handles), noise, isPiecemeal: true };
  }
  throw new BanspoolError('command-failed', `the output of iptables cannot be trusted: ${listing.reason}`, {
    hint: 'run iptables -S and read its output',
  });
}

/**
 * Reads the table ahead of connection tracking. Where nothing of ours is to be in it that is once for a process: who
 * asked for it before may have stopped asking.
 */
export async function readRaw(firewall: Tools, options: ReadRawOptions): Promise<RawTable> {
  const { family, prefix, isUsed, known } = options;
  if (!isUsed && known?.kind === 'left') return known;
  const raw = await observeRaw(firewall, { family, prefix });
  return isUsed || holdsOurs(raw, prefix) ? raw : { kind: 'left' };
}

async function observeRaw(
  firewall: Tools,
  { family, prefix }: { readonly family: Family; readonly prefix: string },
): Promise<RawTable> {
  try {
    const listing = observe(await firewall.listRaw(family), { family, prefix, first: RAW_HOOK });
    return listing.kind === 'observed' ? { kind: 'read', chains: listing.observed.chains } : listing;
  } catch (error) {
    if (error instanceof BanspoolError) return { kind: 'unreadable', reason: messageOf(error) };
    throw error;
  }
}

function holdsOurs(raw: RawTable, prefix: string): boolean {
  return Array.from(rawChains({ raw })).some(
    ([chain, rules]) => isOurs(chain, prefix) || rules.some(({ kind }) => kind === 'ours'),
  );
}

/** What the table lists, as text to be compared with another such. */
export async function listTable(firewall: Tools, place: ReadFirewallOptions): Promise<string> {
  return (await listingOf(firewall, place)).text;
}

interface Listing {
  readonly text: string;
  /** Of the rules among native ones. */
  readonly handles: ReadonlyMap<string, readonly number[]> | undefined;
}

async function listingOf(
  firewall: Tools,
  place: Pick<ReadFirewallOptions, 'family' | 'prefix'>,
): Promise<Listing> {
  try {
    return { text: await firewall.list(place.family), handles: undefined };
  } catch (error) {
    if (!hasNativeRules(error) || firewall.piecemeal === undefined) throw error;
    return listPiecemeal(firewall.piecemeal, place);
  }
}

/** Where the table holds native rules, iptables goes on to change it, and to list the chains that hold none. */
async function listPiecemeal(
  { table, chain: list }: Piecemeal,
  { family, prefix }: Pick<ReadFirewallOptions, 'family' | 'prefix'>,
): Promise<Listing> {
  const read = readNativeTable(await byNft(table, family), prefix);
  if (read.kind === 'unreadable') {
    const what = `${family}: nft does not show what this rule matches, and native rules prevent iptables from listing the table`;
    throw new BanspoolError('native-rules', `${what}: "${read.rule}"`, { hint: MOVE });
  }
  const texts = [...read.lines];
  for (const chain of read.ours) {
    const lines = await list(family, chain).catch((error: unknown) => {
      if (hasNativeRules(error)) return `-A ${chain} ${NATIVE_RULE}`;
      throw error;
    });
    texts.push(lines.replace(/^-N .*\n/m, ''));
  }
  return { text: texts.join('\n'), handles: read.handles };
}

async function byNft(table: Piecemeal['table'], family: Family): Promise<string> {
  try {
    return await table(family);
  } catch (error) {
    const hint = `apt install nftables, which can read the table; or ${MOVE}`;
    throw new BanspoolError(
      'native-rules',
      `${family}: iptables cannot list the table, and ${messageOf(error)}`,
      { cause: error, hint },
    );
  }
}

const MOVE = 'move the native rules of table filter to another table, such as table inet mine';

function hasNativeRules(error: unknown): boolean {
  return error instanceof BanspoolError && error.code === 'native-rules';
}
