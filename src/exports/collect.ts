/**
 * What an export holds: the addresses and networks that are dropped now, by the last conclusion, each once and in
 * order. No entry holds an address that is allowed: a banned network is split around it. Ports are left out, since no
 * receiver knows them. In slices: whoever asks lets others have a turn wherever this yields.
 */
import { compareNets, FAMILIES, FULL_PREFIX, parseNet, type Family } from '../domain/net.ts';
import { DENY_JAIL } from '../domain/names.ts';
import type { Conclusion } from '../desired/conclude.ts';
import type { Portion } from '../desired/portion.ts';
import { aggregate } from './aggregate.ts';
import { joinEntries, type Entry } from './entry.ts';
import { inOrder } from './in-order.ts';
import { splitterAround } from './split-around.ts';

export type Standing = Pick<Conclusion, 'portions' | 'deny' | 'allowed'>;

export interface Selection {
  /** Undefined: all. */
  readonly jails: readonly string[] | undefined;
  readonly families: readonly Family[];
  readonly aggregate: boolean;
}

/** Addresses that are looked at without anybody else having a turn. */
const AT_ONCE = 1_000;

/** The entries, IPv4 first. */
export function* collect(standing: Standing, selection: Selection): Generator<undefined, readonly Entry[]> {
  const entries: Entry[] = [];
  for (const family of FAMILIES) {
    if (!selection.families.includes(family)) continue;
    const sorted = yield* once(yield* inOrder(yield* found(standing, selection, family), byNet));
    const own = selection.aggregate ? yield* aggregate(sorted) : sorted;
    // One by one: as arguments of one call, over a hundred thousand overflow the stack.
    for (const entry of own) entries.push(entry);
    yield;
  }
  return entries;
}

/** In no order, and an address once for each jail. */
function* found(
  { portions, deny, allowed }: Standing,
  selection: Selection,
  family: Family,
): Generator<undefined, readonly Entry[]> {
  const entries: Entry[] = [];
  const split = splitterAround(allowed.map(({ net }) => net).filter((net) => net.family === family));
  const add = (entry: Entry): void => {
    // A judged host is no allowed one.
    if (entry.net.prefix === FULL_PREFIX[family]) entries.push(entry);
    else for (const net of split(entry.net)) entries.push({ ...entry, net });
  };
  let count = 0;
  for (const portion of portions[family].values()) {
    for (const entry of entriesOf(portion, selection)) {
      add(entry);
      if (++count % AT_ONCE === 0) yield;
    }
  }
  if (isWanted(DENY_JAIL, selection))
    for (const { net, until } of deny) if (net.family === family) add({ net, until, jails: DENIED });
  return entries;
}

const DENIED: readonly string[] = [DENY_JAIL];

function isWanted(jail: string, { jails }: Selection): boolean {
  return jails === undefined || jails.includes(jail);
}

function* entriesOf(portion: Portion, selection: Selection): Generator<Entry> {
  for (const [jail, { members }] of portion) {
    if (!isWanted(jail, selection)) continue;
    const jails = [jail];
    for (const [text, until] of members) {
      const net = parseNet(text);
      if (net !== undefined) yield { net, until, jails };
    }
  }
}

function byNet(a: Entry, b: Entry): number {
  return compareNets(a.net, b.net);
}

/** Equal ones stand side by side, and become one. */
function* once(entries: readonly Entry[]): Generator<undefined, readonly Entry[]> {
  const each: Entry[] = [];
  for (const [index, entry] of entries.entries()) {
    const last = each.at(-1);
    if (last !== undefined && byNet(last, entry) === 0)
      each[each.length - 1] = joinEntries(last.net, last, entry);
    else each.push(entry);
    if (index % AT_ONCE === AT_ONCE - 1) yield;
  }
  return each;
}
