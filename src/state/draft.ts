/** A state being changed: shards and servers are copied when first touched, and only then. */
import type { Net } from '../net/net.ts';
import { claimKey, EMPTY_JAIL, type Ban, type Claim, type Details, type Jail } from './claim.ts';
import { makeShard, shardOf, type Shard, type State } from './state.ts';

export class Draft {
  readonly now: number;
  readonly #base: State;
  readonly #shards = new Map<string, Map<string, Claim>>();
  readonly #servers = new Map<string, Map<string, Jail>>();
  #keys: Keys | undefined;

  constructor(base: State, now: number) {
    this.#base = base;
    this.now = now;
  }

  claim(key: Pick<Claim, 'ip' | 'server' | 'jail'>): Claim | undefined {
    return this.#claimsOf(shardOf(key.ip))?.get(claimKey(key));
  }

  /** Everything that is claimed of exactly this address or network. */
  claimsOn(ip: Net): readonly Claim[] {
    const claims = this.#claimsOf(shardOf(ip))?.values() ?? [];
    return Array.from(claims).filter((claim) => claim.ip.text === ip.text);
  }

  /** Everything that the server claims in the jail; made once for many snapshots, since it looks at all there is. */
  claimsOf(server: string, jail: string): readonly Claim[] {
    this.#keys ??= this.#findKeys();
    const keys = this.#keys.get(`${server} ${jail}`) ?? [];
    return Array.from(keys).flatMap(([key, shard]) => this.#claimsOf(shard)?.get(key) ?? []);
  }

  putClaim(claim: Claim): void {
    const name = shardOf(claim.ip);
    const old = this.claim(claim);
    if (old !== undefined && sameClaim(old, claim)) return;
    let shard = this.#shards.get(name);
    if (shard === undefined) {
      shard = new Map(this.#base.shards.get(name)?.claims);
      this.#shards.set(name, shard);
    }
    const key = claimKey(claim);
    shard.set(key, claim);
    if (this.#keys !== undefined) addKey(this.#keys, claim, key);
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
    if (this.#shards.size === 0 && this.#servers.size === 0) return this.#base;
    return {
      ...this.#base,
      shards: this.#shards.size === 0 ? this.#base.shards : this.#changedShards(),
      servers:
        this.#servers.size === 0 ? this.#base.servers : new Map([...this.#base.servers, ...this.#servers]),
    };
  }

  #changedShards(): ReadonlyMap<string, Shard> {
    const shards = new Map<string, Shard>(this.#base.shards);
    for (const [name, claims] of this.#shards) shards.set(name, makeShard(claims));
    return shards;
  }

  #findKeys(): Keys {
    const keys: Keys = new Map();
    for (const name of new Set([...this.#base.shards.keys(), ...this.#shards.keys()]))
      for (const [key, claim] of this.#claimsOf(name) ?? []) addKey(keys, claim, key);
    return keys;
  }

  #claimsOf(name: string): ReadonlyMap<string, Claim> | undefined {
    return this.#shards.get(name) ?? this.#base.shards.get(name)?.claims;
  }
}

/** By server and jail: the keys of its claims, each with its shard. */
type Keys = Map<string, Map<string, string>>;

function addKey(keys: Keys, { server, jail, ip }: Claim, key: string): void {
  const name = `${server} ${jail}`;
  const known = keys.get(name);
  if (known === undefined) keys.set(name, new Map([[key, shardOf(ip)]]));
  else known.set(key, shardOf(ip));
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
    a?.reason === b?.reason
  );
}
