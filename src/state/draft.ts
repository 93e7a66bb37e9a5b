/** A state being changed: shards and servers are copied when first touched, and only then. */
import type { Net } from '../net/net.ts';
import { claimKey, EMPTY_JAIL, type Claim, type Jail } from './claim.ts';
import { makeShard, shardOf, type Shard, type State } from './state.ts';

export class Draft {
  readonly now: number;
  readonly #base: State;
  readonly #shards = new Map<string, Map<string, Claim>>();
  readonly #servers = new Map<string, Map<string, Jail>>();

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

  putClaim(claim: Claim): void {
    const name = shardOf(claim.ip);
    const old = this.claim(claim);
    if (old !== undefined && sameClaim(old, claim)) return;
    let shard = this.#shards.get(name);
    if (shard === undefined) {
      shard = new Map(this.#base.shards.get(name)?.claims);
      this.#shards.set(name, shard);
    }
    shard.set(claimKey(claim), claim);
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
    const shards = new Map<string, Shard>(this.#base.shards);
    for (const [name, claims] of this.#shards) shards.set(name, makeShard(claims));
    return { ...this.#base, shards, servers: new Map([...this.#base.servers, ...this.#servers]) };
  }

  #claimsOf(name: string): ReadonlyMap<string, Claim> | undefined {
    return this.#shards.get(name) ?? this.#base.shards.get(name)?.claims;
  }
}

function sameClaim(a: Claim, b: Claim): boolean {
  return JSON.stringify(comparable(a)) === JSON.stringify(comparable(b));
}

/** Infinity becomes null in JSON, as does NaN: no claim holds one of the two where the other could stand. */
function comparable({ bans, details, unbanned, forget }: Claim): unknown {
  return [bans, details ?? '', unbanned ?? '', forget ?? ''];
}
