/**
 * A state being changed: shards and servers are copied when first touched, and only then. What is searched for is found
 * by an index that is made at most once, when first asked for: searching for each word of a server would let one with
 * many claims and many words hold up all others.
 */
import { OPERATOR } from '../domain/names.ts';
import { contains, type Net } from '../domain/net.ts';
import { ClaimQueue } from './claim-queue.ts';
import { claimKey, EMPTY_JAIL, liftKeys, type Ban, type Claim, type Details, type Jail } from './claim.ts';
import { SeenDraft } from './seen/seen-draft.ts';
import { isLift, makeShard, shardOf, type Shard, type State } from './state.ts';
import { ChangedClaims } from './table/changed-claims.ts';
import type { ClaimTable } from './table/claim-table.ts';

export class Draft {
  readonly now: number;
  readonly #base: State;
  readonly #shards = new Map<string, ChangedClaims>();
  readonly #servers = new Map<string, Map<string, Jail>>();
  /** By shard, then by address: the keys of all claims on it. */
  readonly #addresses = new Map<string, Map<string, string[]>>();
  /** By shard: operators whose lifts were put into it. */
  readonly #lifters = new Map<string, Set<string>>();
  /** By server, of those that were asked for. */
  readonly #queues = new Map<string, Queues>();

  /** How long an operator's unban is remembered at the least, in milliseconds. */
  readonly liftMemory: number;
  /** How long bans that began are remembered; 0: not at all. */
  readonly seenMemory: number;
  readonly seen: SeenDraft;

  constructor(base: State, now: number, { liftMemory = 0, seenMemory = 0 } = {}) {
    this.#base = base;
    this.now = now;
    this.liftMemory = liftMemory;
    this.seenMemory = seenMemory;
    this.seen = new SeenDraft(base.seen);
  }

  claim(key: Pick<Claim, 'ip' | 'server' | 'jail'>): Claim | undefined {
    return this.#claimsOf(shardOf(key.ip))?.get(claimKey(key));
  }

  /** Everything that is claimed of exactly this address or network. */
  claimsOn(ip: Net): readonly Claim[] {
    const name = shardOf(ip);
    const claims = this.#claimsOf(name);
    if (claims === undefined) return [];
    let addresses = this.#addresses.get(name);
    if (addresses === undefined) {
      addresses = findAddresses(claims);
      this.#addresses.set(name, addresses);
    }
    return (addresses.get(ip.text) ?? []).flatMap((key) => claims.get(key) ?? []);
  }

  /** Every address and network inside this one that somebody claims, each once. */
  claimedWithin(net: Net): readonly Net[] {
    const found = new Map<string, Net>();
    for (const name of new Set([...this.#base.shards.keys(), ...this.#shards.keys()])) {
      for (const { ip, bans } of this.#claimsOf(name)?.values() ?? [])
        if (bans.length > 0 && contains(net, ip)) found.set(ip.text, ip);
    }
    return Array.from(found.values());
  }

  /**
   * Operators' lifts of what this claimant claims of this address in this jail; what an operator claims himself, he
   * ends by his unban. Every ban asks, and few shards hold a lift: the others cost no search.
   */
  liftsOn(key: Pick<Claim, 'ip' | 'server' | 'jail'>): readonly Claim[] {
    const name = shardOf(key.ip);
    const [before = [], since] = [this.#base.shards.get(name)?.lifters, this.#lifters.get(name)];
    if (before.length === 0 && since === undefined) return [];
    const lifters = new Set([...before, ...(since ?? [])]);
    return [...lifters].filter((lifter) => lifter !== key.server).flatMap((each) => this.#liftsBy(each, key));
  }

  /** The lifts of this firewall's operator alone. */
  ownLiftsOn(key: Pick<Claim, 'ip' | 'server' | 'jail'>): readonly Claim[] {
    const name = shardOf(key.ip);
    const isLifter =
      this.#base.shards.get(name)?.lifters.includes(OPERATOR) === true ||
      this.#lifters.get(name)?.has(OPERATOR) === true;
    return isLifter ? this.#liftsBy(OPERATOR, key) : [];
  }

  /** What the server claims in the jail by a ban that was heard before `time`. */
  claimsBefore(server: string, jail: string, time: number): readonly Claim[] {
    const queue = this.#queuesOf(server).get(jail);
    if (queue === undefined) return [];
    // What was replaced since it was queued stands in the queue by itself.
    const taken = queue.takeBefore(time).filter((claim) => this.#isCurrent(claim));
    const claims = Array.from(new Map(taken.map((claim) => [claimKey(claim), claim])).values());
    for (const claim of claims) queue.push(claim);
    return claims;
  }

  putClaim(claim: Claim): void {
    const name = shardOf(claim.ip);
    const old = this.claim(claim);
    if (old !== undefined && sameClaim(old, claim)) return;
    let shard = this.#shards.get(name);
    if (shard === undefined) {
      shard = new ChangedClaims(this.#base.shards.get(name)?.claims);
      this.#shards.set(name, shard);
    }
    const key = claimKey(claim);
    shard.set(key, claim);
    if (isLift(claim)) this.#noteLifter(name, claim.server);
    const addresses = this.#addresses.get(name);
    if (old === undefined && addresses !== undefined) addAddress(addresses, claim, key);
    const queues = this.#queues.get(claim.server);
    if (queues !== undefined) enqueue(queues, claim);
  }

  jail(server: string, jail: string): Jail {
    return (this.#servers.get(server) ?? this.#base.servers.get(server))?.get(jail) ?? EMPTY_JAIL;
  }

  changeJail(server: string, jail: string, change: (old: Jail) => Jail): void {
    const old = this.jail(server, jail);
    const changed = change(old);
    if (changed === old) return;
    const jails = this.#servers.get(server) ?? new Map(this.#base.servers.get(server));
    jails.set(jail, changed);
    this.#servers.set(server, jails);
  }

  /** The new state; what was not touched is the same object as before. */
  finish(): State {
    const seen = this.seen.finish();
    if (this.#shards.size === 0 && this.#servers.size === 0 && seen === this.#base.seen) return this.#base;
    return {
      ...this.#base,
      seen,
      shards: this.#shards.size === 0 ? this.#base.shards : this.#changedShards(),
      servers:
        this.#servers.size === 0 ? this.#base.servers : new Map([...this.#base.servers, ...this.#servers]),
    };
  }

  #isCurrent(claim: Claim): boolean {
    const current = this.claim(claim);
    return current !== undefined && sameClaim(current, claim);
  }

  #liftsBy(lifter: string, key: Pick<Claim, 'ip' | 'server' | 'jail'>): readonly Claim[] {
    return liftKeys(key, lifter).flatMap((lift) => {
      const claim = this.claim(lift);
      return claim?.unbanned === undefined ? [] : [claim];
    });
  }

  #noteLifter(shard: string, lifter: string): void {
    const lifters = this.#lifters.get(shard);
    if (lifters === undefined) this.#lifters.set(shard, new Set([lifter]));
    else lifters.add(lifter);
  }

  #changedShards(): ReadonlyMap<string, Shard> {
    const shards = new Map<string, Shard>(this.#base.shards);
    for (const [name, claims] of this.#shards) shards.set(name, makeShard(claims.table()));
    return shards;
  }

  #queuesOf(server: string): Queues {
    let queues = this.#queues.get(server);
    if (queues !== undefined) return queues;
    queues = new Map();
    this.#queues.set(server, queues);
    for (const name of new Set([...this.#base.shards.keys(), ...this.#shards.keys()]))
      for (const claim of this.#claimsOf(name)?.ofServer(server) ?? []) enqueue(queues, claim);
    return queues;
  }

  #claimsOf(name: string): ClaimTable | ChangedClaims | undefined {
    return this.#shards.get(name) ?? this.#base.shards.get(name)?.claims;
  }
}

/** By jail. */
type Queues = Map<string, ClaimQueue>;

function enqueue(queues: Queues, claim: Claim): void {
  const queue = queues.get(claim.jail) ?? new ClaimQueue();
  queues.set(claim.jail, queue);
  queue.push(claim);
}

function findAddresses(claims: ClaimTable | ChangedClaims): Map<string, string[]> {
  const addresses = new Map<string, string[]>();
  for (const claim of claims.values()) addAddress(addresses, claim, claimKey(claim));
  return addresses;
}

function addAddress(addresses: Map<string, string[]>, { ip }: Claim, key: string): void {
  const keys = addresses.get(ip.text);
  if (keys === undefined) addresses.set(ip.text, [key]);
  else keys.push(key);
}

function sameClaim(a: Claim, b: Claim): boolean {
  if (a === b) return true;
  return (
    a.unbanned === b.unbanned &&
    a.forget === b.forget &&
    a.bans.length === b.bans.length &&
    a.bans.every((ban, index) => sameBan(ban, b.bans[index])) &&
    sameDetails(a.details, b.details)
  );
}

function sameBan(a: Ban, b: Ban | undefined): boolean {
  return a.heard === b?.heard && a.since === b.since && a.until === b.until;
}

function sameDetails(a: Details | undefined, b: Details | undefined): boolean {
  return (
    a?.said === b?.said &&
    a?.ports === b?.ports &&
    a?.protocols === b?.protocols &&
    a?.failures === b?.failures &&
    a?.reason === b?.reason &&
    a?.ifConfirmed === b?.ifConfirmed
  );
}
