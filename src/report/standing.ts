/**
 * What stands, for people who look at it from afar: how many addresses, who banned them, and the newest bans. In: a
 * conclusion, and the state that it is of. What was counted of a region is kept for as long as nothing changed in it,
 * so that a page of 100,000 bans costs what changed since the page before; a region at a time, so that others can have
 * a turn in between.
 */
import type { LiveClaim } from '../claims/live.ts';
import type { Claim } from '../claims/claim.ts';
import type { Shard, State } from '../claims/state.ts';
import type { Conclusion } from '../desired/conclude.ts';
import { liveClaimsOf } from '../desired/regions.ts';
import { DENY_JAIL } from '../domain/names.ts';
import { contains, netOf, parseNet, regionOf, type Net } from '../domain/net.ts';
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

type ConcludedRegion = Conclusion['regions'] extends ReadonlyMap<string, infer R> ? R : never;

interface Tally extends Pick<Standing, 'addresses' | 'shared' | 'byServer'> {
  /** When each ban began. */
  readonly begun: Float64Array;
  /** A few, which are nearly always enough. */
  readonly newest: readonly BanLine[];
}

/** 2,000 of all regions together are some five of each. */
const KEPT = 12;

export class StandingCensus {
  readonly #tallies = new WeakMap<ConcludedRegion, Tally>();

  /** Counts; yields between regions, and returns what it came to. */
  *count(conclusion: Conclusion, { state, now, most }: CountOptions): Generator<undefined, Standing> {
    const tallies: Tally[] = [];
    for (const region of conclusion.regions.values()) {
      let tally = this.#tallies.get(region);
      if (tally === undefined) {
        tally = tallyOf(claimsOf(region, state, now));
        this.#tallies.set(region, tally);
        yield;
      }
      tallies.push(tally);
    }
    const since = threshold(tallies, most);
    yield;
    const newest: BanLine[] = [];
    let index = 0;
    for (const region of conclusion.regions.values()) {
      const tally = tallies[index++];
      const count = tally?.begun.reduce((all, begun) => all + (begun >= since ? 1 : 0), 0) ?? 0;
      if (tally === undefined || count === 0) continue;
      const isKept = count <= tally.newest.length;
      const lines = isKept ? tally.newest : linesOf(claimsOf(onlySince(region, since), state, now));
      for (const line of lines) if ((line.since ?? -Infinity) >= since) newest.push(line);
      if (!isKept) yield;
    }
    newest.sort((a, b) => (b.since ?? 0) - (a.since ?? 0));
    const { deny, bans } = conclusion;
    const denied = deny.map(({ net, until }): BanLine => ({
      ...{ ip: net.text, jail: DENY_JAIL, servers: [DENY_JAIL], since: undefined, until },
    }));
    return { bans, ...sumOf(tallies, deny.length), newest: [...newest, ...denied].slice(0, most) };
  }
}

interface CountOptions {
  readonly state: State;
  readonly now: number;
  /** Newest bans to tell one by one. */
  readonly most: number;
}

type Claimed = Pick<LiveClaim, 'ip' | 'jail' | 'server' | 'since' | 'until'>;

/** The claims by which something of the region is dropped. */
function* claimsOf(concluded: ConcludedRegion, state: State, now: number): Generator<Claimed> {
  const { region, portion } = concluded;
  if (portion.size === 0) return;
  const isLifted = [region.own, ...region.given].some((shard) => (shard?.lifters.length ?? 0) > 0);
  for (const claim of isLifted ? liveClaimsOf(region, state, now) : unliftedOf(region, now))
    if (portion.get(claim.jail)?.members.has(claim.ip.text) === true) yield claim;
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

/** The region with the claims alone of addresses that somebody banned then or later. */
function onlySince(concluded: ConcludedRegion, since: number): ConcludedRegion {
  const recent = new Set<string>();
  const { own, given } = concluded.region;
  for (const shard of [own, ...given])
    for (const { ip, bans } of shard?.claims.values() ?? [])
      if ((bans[0]?.since ?? -Infinity) >= since) recent.add(ip.text);
  return onlyThose(concluded, ({ ip }) => recent.has(ip.text));
}

function onlyThose(concluded: ConcludedRegion, isWanted: (claim: Claim) => boolean): ConcludedRegion {
  const only = (shard: Shard): Shard => {
    const claims = new Map<string, Claim>();
    for (const [key, claim] of shard.claims) if (isWanted(claim)) claims.set(key, claim);
    return { ...shard, claims };
  };
  const { own, given } = concluded.region;
  return { ...concluded, region: { own: own && only(own), given: given.map(only) } };
}

/** Bans, each with all servers that claim it. */
function linesOf(claims: Iterable<Claimed>): Iterable<BanLine> {
  const lines = new Map<string, BanLine>();
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
  }
  return lines.values();
}

function tallyOf(claims: Iterable<Claimed>): Tally {
  const begun: number[] = [];
  const byServer = new Map<string, number>();
  const servers = new Map<string, ReadonlySet<string>>();
  const lines = [...linesOf(claims)];
  for (const line of lines) {
    begun.push(line.since ?? 0);
    for (const server of line.servers) byServer.set(server, (byServer.get(server) ?? 0) + 1);
    const known = servers.get(line.ip);
    servers.set(line.ip, new Set(known === undefined ? line.servers : [...known, ...line.servers]));
  }
  const shared = Array.from(servers.values()).filter(({ size }) => size > 1).length;
  const newest = lines.sort((a, b) => (b.since ?? 0) - (a.since ?? 0)).slice(0, KEPT);
  return { begun: Float64Array.from(begun), newest, byServer, addresses: servers.size, shared };
}

/** Bans that began then or later are at least `most`, or all. */
function threshold(tallies: readonly Tally[], most: number): number {
  const all = new Float64Array(tallies.reduce((sum, { begun }) => sum + begun.length, 0));
  let at = 0;
  for (const { begun } of tallies) {
    all.set(begun, at);
    at += begun.length;
  }
  return all.length <= most ? -Infinity : (all.sort()[all.length - most] ?? -Infinity);
}

function sumOf(
  tallies: readonly Tally[],
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

/** What is told of one banned address beside its count. */
interface Neighbourhood extends Pick<BanLine, 'servers' | 'since'> {
  readonly net: string;
  readonly inNet: number;
}

/** The network around an address: that of a site, as providers hand them out. */
const AROUND = { ipv4: 24, ipv6: 48 } as const;

/** Looks up one ban, and how many addresses in the network around it are banned too. */
export function neighbourhoodOf(
  { ip, jail }: Pick<BanLine, 'ip' | 'jail'>,
  conclusion: Conclusion,
  { state, now }: Pick<CountOptions, 'state' | 'now'>,
): Neighbourhood {
  const address = netOf(ip);
  const around = aroundOf(address);
  const region = conclusion.regions.get(regionOf(address.family, ip));
  const near = region && onlyThose(region, (claim) => contains(around, claim.ip));
  const claims = near === undefined ? [] : Array.from(claimsOf(near, state, now));
  const own = claims.filter((claim) => claim.ip.text === ip && claim.jail === jail);
  return {
    servers: own.length === 0 ? [jail] : own.map(({ server }) => server),
    since: own.length === 0 ? undefined : Math.max(...own.map(({ since }) => since)),
    net: around.text,
    inNet: new Set(claims.map((claim) => claim.ip.text)).size,
  };
}

function aroundOf(address: Net): Net {
  const prefix = AROUND[address.family];
  if (address.prefix <= prefix) return address;
  return parseNet(`${address.text.replace(/\/.*/, '')}/${prefix}`) ?? address;
}
