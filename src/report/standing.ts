/**
 * What stands, for people who look at it from afar: how many addresses, who banned them, and the newest bans. In: a
 * conclusion, and the state that it is of. What was counted of a region is kept for as long as nothing changed in it,
 * so that a page of 100,000 bans costs what changed since the page before; a region at a time, so that others can have
 * a turn in between.
 */
import type { LiveClaim } from '../claims/live.ts';
import type { State } from '../claims/state.ts';
import type { Conclusion } from '../desired/conclude.ts';
import { jailNamesOf } from '../desired/jail-name.ts';
import { memberOf } from '../desired/members.ts';
import { liveClaimsOf } from '../desired/regions.ts';
import { DENY_JAIL } from '../domain/names.ts';
import type { BanLine } from './report.ts';

export interface Standing {
  readonly bans: number;
  /** Different addresses and networks. */
  readonly addresses: number;
  /** Those that two or more servers ban. */
  readonly shared: number;
  /** Bans of each server. */
  readonly byServer: ReadonlyMap<string, number>;
  /** The newest, as many as were asked for. */
  readonly newest: readonly BanLine[];
}

export type ConcludedRegion = Conclusion['regions'] extends ReadonlyMap<string, infer R> ? R : never;

interface Tally extends Pick<Standing, 'addresses' | 'shared' | 'byServer'> {
  /** When each ban began, the newest last. */
  readonly begun: Float64Array;
  /** Newest first: a few, which are nearly always enough, or as many as the page before had of the region. */
  newest: readonly BanLine[];
}

/** 2,000 of all regions together are some five of each. */
const KEPT = 12;

/** Claims, or bans, that are walked through without anybody else having a turn. */
const AT_ONCE = 1_000;

export class StandingCensus {
  readonly #tallies = new WeakMap<ConcludedRegion, Tally>();

  /** Counts; yields now and then, and returns what it came to. */
  *count(conclusion: Conclusion, options: CountOptions): Generator<undefined, Standing> {
    const tallies = new Map<ConcludedRegion, Tally>();
    for (const region of conclusion.regions.values()) {
      let tally = this.#tallies.get(region);
      if (tally === undefined) {
        tally = yield* tallyOf(yield* linesOf(claimsOf(region, options)));
        this.#tallies.set(region, tally);
        yield;
      }
      tallies.set(region, tally);
    }
    const newest = yield* newestOf(tallies, options);
    const { deny, bans } = conclusion;
    const denied = deny.map(({ net, until }): BanLine => ({
      ...{ ip: net.text, jail: DENY_JAIL, servers: [DENY_JAIL], since: undefined, until },
    }));
    const sums = sumOf(tallies.values(), deny.length);
    return { bans, ...sums, newest: [...newest, ...denied].slice(0, options.most) };
  }
}

/** Of bans of the very second at which the newest end, as many as there is room for. */
function* newestOf(
  tallies: ReadonlyMap<ConcludedRegion, Tally>,
  options: CountOptions,
): Generator<undefined, readonly BanLine[]> {
  const { since, room } = threshold([...tallies.values()], options.most);
  yield;
  const newest: BanLine[] = [];
  let left = room;
  for (const [region, tally] of tallies) {
    const newer = countIf(tally.begun, (begun) => begun > since);
    const tied = Math.min(left, countIf(tally.begun, (begun) => begun >= since) - newer);
    left -= tied;
    const count = newer + tied;
    if (count > tally.newest.length) {
      tally.newest = newestLines(yield* linesOf(claimsOf(region, options)), tally.begun, count);
      yield;
    } else if (tally.newest.length > Math.max(count, KEPT)) {
      tally.newest = tally.newest.slice(0, Math.max(count, KEPT));
    }
    newest.push(...tally.newest.slice(0, count));
  }
  return newest.sort(newestFirst);
}

function newestFirst(a: BanLine, b: BanLine): number {
  return (b.since ?? 0) - (a.since ?? 0);
}

/** Of those in order, the number at the end. */
function countIf(begun: Float64Array, isMeant: (begun: number) => boolean): number {
  let count = 0;
  while (count < begun.length && isMeant(begun[begun.length - 1 - count] ?? 0)) count += 1;
  return count;
}

/** So many of the newest lines, in order. */
function newestLines(lines: readonly BanLine[], begun: Float64Array, count: number): readonly BanLine[] {
  const since = begun[begun.length - count] ?? -Infinity;
  return lines
    .filter((line) => (line.since ?? 0) >= since)
    .sort(newestFirst)
    .slice(0, count);
}

export interface Moment {
  readonly state: State;
  readonly now: number;
}

interface CountOptions extends Moment {
  /** Newest bans to tell one by one. */
  readonly most: number;
}

type Claimed = Pick<LiveClaim, 'ip' | 'jail' | 'server' | 'since' | 'until'>;

/** The claims by which something of the region is dropped. */
export function* claimsOf(concluded: ConcludedRegion, { state, now }: Moment): Generator<Claimed> {
  const { region, portion } = concluded;
  if (portion.size === 0) return;
  const isLifted = [region.own, ...region.given].some((shard) => (shard?.lifters.length ?? 0) > 0);
  for (const claim of isLifted ? liveClaimsOf(region, state, now) : unliftedOf(region, now))
    if (memberFor(portion, claim) !== undefined) yield claim;
}

/** The member of the region that drops the address of the claim in its jail. */
export function memberFor(
  portion: ConcludedRegion['portion'],
  claim: Pick<Claimed, 'server' | 'jail' | 'ip'>,
): string | undefined {
  for (const name of jailNamesOf(claim)) {
    const own = portion.get(name);
    const member = own && memberOf(own, claim.ip.text);
    if (member !== undefined) return member;
  }
  return undefined;
}

/** The same as liveClaimsOf where no operator lifted anything, at a tenth of its cost. */
function* unliftedOf({ own, given }: ConcludedRegion['region'], now: number): Generator<Claimed> {
  for (const shard of [own, ...given]) {
    for (const { ip, jail, server, bans } of shard?.claims.values() ?? []) {
      const newest = bans.find(({ until }) => until > now);
      const until = bans.at(-1)?.until ?? 0;
      if (newest !== undefined) yield { ip, jail, server, since: newest.since, until };
    }
  }
}

/** Bans, each with all servers that claim it. */
function* linesOf(claims: Iterable<Claimed>): Generator<undefined, readonly BanLine[]> {
  const lines = new Map<string, BanLine>();
  let seen = 0;
  for (const { ip, jail, server, since, until } of claims) {
    const key = `${jail} ${ip.text}`;
    const known = lines.get(key);
    const line: BanLine =
      known === undefined
        ? { ip: ip.text, jail, servers: [server], since, until }
        : {
            ...known,
            servers: [...known.servers, server],
            since: Math.max(known.since ?? since, since),
            until: Math.max(known.until, until),
          };
    lines.set(key, line);
    if (++seen % AT_ONCE === 0) yield;
  }
  return [...lines.values()];
}

function* tallyOf(lines: readonly BanLine[]): Generator<undefined, Tally> {
  const begun = Float64Array.from(lines, ({ since }) => since ?? 0).sort();
  const byServer = new Map<string, number>();
  const servers = new Map<string, readonly string[]>();
  let seen = 0;
  for (const line of lines) {
    for (const server of line.servers) byServer.set(server, (byServer.get(server) ?? 0) + 1);
    const known = servers.get(line.ip);
    servers.set(line.ip, known === undefined ? line.servers : [...new Set([...known, ...line.servers])]);
    if (++seen % AT_ONCE === 0) yield;
  }
  let shared = 0;
  for (const { length } of servers.values()) if (length > 1) shared += 1;
  const newest = newestLines(lines, begun, Math.min(KEPT, lines.length));
  return { begun, newest, byServer, addresses: servers.size, shared };
}

/** All bans that began later than `since`, and of those that began then as many as there is `room` for, are `most`. */
function threshold(
  tallies: readonly Tally[],
  most: number,
): { readonly since: number; readonly room: number } {
  const all = new Float64Array(tallies.reduce((sum, { begun }) => sum + begun.length, 0));
  let at = 0;
  for (const { begun } of tallies) {
    all.set(begun, at);
    at += begun.length;
  }
  const since = all.length <= most ? -Infinity : (all.sort()[all.length - most] ?? -Infinity);
  return { since, room: most - countIf(all, (begun) => begun > since) };
}

function sumOf(
  tallies: Iterable<Tally>,
  denied: number,
): Pick<Standing, 'addresses' | 'shared' | 'byServer'> {
  const byServer = new Map<string, number>();
  let [addresses, shared] = [denied, 0];
  for (const tally of tallies) {
    for (const [server, count] of tally.byServer) byServer.set(server, (byServer.get(server) ?? 0) + count);
    addresses += tally.addresses;
    shared += tally.shared;
  }
  return { addresses, shared, byServer };
}
