/**
 * What an export holds: the addresses and networks that are dropped now, by the last conclusion, each once and in
 * order. No entry holds an address that is allowed: a banned network is split around it. Ports are left out, since no
 * receiver knows them. In slices: whoever asks lets others have a turn wherever this yields.
 */
import { compareNets, FAMILIES, FULL_PREFIX, netOf, type Family, type Net } from '../domain/net.ts';
import { DENY_JAIL, ESCALATION, ESCALATION_JAIL } from '../domain/names.ts';
import type { Conclusion } from '../desired/conclude.ts';
import type { Portion } from '../desired/portion.ts';
import { aggregate } from './aggregate.ts';
import { joinEntries, type Entry } from './entry.ts';
import { inOrder, mergeRuns } from './in-order.ts';
import { splitterAround } from './split-around.ts';

export type Standing = Pick<Conclusion, 'portions' | 'deny' | 'allowed'>;

export interface Selection {
  /** Undefined: all. */
  readonly jails: readonly string[] | undefined;
  readonly families: readonly Family[];
  readonly aggregate: boolean;
}

/** Addresses that are looked at without anybody else having a turn: of IPv6 it takes a millisecond or two. */
const AT_ONCE = 250;

/** Takes the entries together; those of a region in which nothing changed are kept from one time to the next. */
export class Collector {
  /** By the jails that were asked for. */
  #kept = new Map<string, WeakMap<Portion, readonly Entry[]>>();
  /** What no kept entry holds. */
  #allowed = '';

  /** The entries, IPv4 first. */
  *collect(standing: Standing, selection: Selection): Generator<undefined, readonly Entry[]> {
    this.#forgetUnless(standing.allowed.map(({ net }) => net.text).join());
    let entries: readonly Entry[] = [];
    for (const family of FAMILIES) {
      if (!selection.families.includes(family)) continue;
      const runs = yield* this.#runsOf(standing, selection, family);
      const each = yield* once(yield* mergeRuns(runs, byNet));
      entries = entries.concat(selection.aggregate ? yield* aggregate(each) : each);
      yield;
    }
    return entries;
  }

  #forgetUnless(allowed: string): void {
    if (allowed === this.#allowed) return;
    this.#allowed = allowed;
    this.#kept = new Map();
  }

  /** Entries of each region, and of what is denied, in order. */
  *#runsOf(
    { portions, deny, allowed }: Standing,
    { jails }: Selection,
    family: Family,
  ): Generator<undefined, readonly (readonly Entry[])[]> {
    const isWanted = (jail: string): boolean => jails === undefined || jails.includes(jail);
    const split = splitterAround(allowed.map(({ net }) => net).filter((net) => net.family === family));
    const kept = this.#keptFor(JSON.stringify(jails));
    const runs: (readonly Entry[])[] = [];
    for (const [, portion] of [...portions[family]].sort(byRegion)) {
      let run = kept.get(portion);
      if (run === undefined) {
        run = yield* inOrder(yield* entriesOf(portion, { isWanted, split }), byNet);
        kept.set(portion, run);
      }
      runs.push(run);
    }
    if (!isWanted(DENY_JAIL)) return runs;
    const denied = deny
      .filter(({ net }) => net.family === family)
      .flatMap(({ net, until }) => split(net).map((piece) => ({ net: piece, until, jails: DENIED })));
    return [...runs, yield* inOrder(denied, byNet)];
  }

  #keptFor(jails: string): WeakMap<Portion, readonly Entry[]> {
    let kept = this.#kept.get(jails);
    if (kept === undefined) {
      kept = new WeakMap();
      this.#kept.set(jails, kept);
    }
    return kept;
  }
}

const DENIED: readonly string[] = [DENY_JAIL];

/** As names: those of IPv4, `ipv4/203`, are then mostly in the order of their addresses. */
function byRegion([a]: readonly [string, Portion], [b]: readonly [string, Portion]): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

interface Choice {
  readonly isWanted: (jail: string) => boolean;
  readonly split: (net: Net) => readonly Net[];
}

/** In no order, and an address once for each jail. */
function* entriesOf(portion: Portion, { isWanted, split }: Choice): Generator<undefined, readonly Entry[]> {
  const entries: Entry[] = [];
  let count = 0;
  for (const [jail, { members }] of portion) {
    const name = jail.startsWith(ESCALATION_JAIL) ? ESCALATION : jail;
    if (!isWanted(name)) continue;
    const jails = [name];
    for (const [text, until] of members) {
      const net = netOf(text);
      // A judged host is no allowed one.
      if (net.prefix === FULL_PREFIX[net.family]) entries.push({ net, until, jails });
      else for (const piece of split(net)) entries.push({ net: piece, until, jails });
      if (++count % AT_ONCE === 0) yield;
    }
  }
  return entries;
}

function byNet(a: Entry, b: Entry): number {
  return compareNets(a.net, b.net);
}

/** Equal ones stand side by side, and become one. */
function* once(entries: readonly Entry[]): Generator<undefined, readonly Entry[]> {
  const each: Entry[] = [];
  let last: Entry | undefined;
  for (const [index, entry] of entries.entries()) {
    if (last?.net.text === entry.net.text) each[each.length - 1] = joinEntries(last.net, last, entry);
    else each.push(entry);
    last = each[each.length - 1];
    if (index % AT_ONCE === AT_ONCE - 1) yield;
  }
  return each;
}
