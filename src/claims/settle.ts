/** Ends what has ended: by its own time, or by a flush. */
import { EMPTY_JAIL, heardOf, type Claim, type Jail } from './claim.ts';
import { flushedUntil, lastFlush, nextFlush } from './jail-join.ts';
import { makeShard, type Shard, type State } from './state.ts';

/**
 * Drops bans that no longer count and claims that no longer matter. `before` is the state that was last settled:
 * only shards that changed since, or hold something that ends, are looked at, unless a flush ended a whole jail.
 */
export function settle(state: State, before: State, now: number): State {
  const flushed = someFlushCounts(state, now);
  let shards: Map<string, Shard> | undefined;
  for (const [name, shard] of state.shards) {
    if (!flushed && shard.nextEnd > now && shard === before.shards.get(name)) continue;
    const settled = settleShard(shard, state, now);
    if (settled === shard && shard.claims.size > 0) continue;
    shards ??= new Map(state.shards);
    if (settled.claims.size > 0) shards.set(name, settled);
    else shards.delete(name);
  }
  if (shards === undefined && !flushed) return state;
  return { ...state, shards: shards ?? state.shards, flushedBy: flushed ? now : state.flushedBy };
}

/** The next moment at which {@link settle} would find something, without anything being said. */
export function nextEnd(state: State, now: number): number {
  let next = Infinity;
  for (const shard of state.shards.values()) next = Math.min(next, shard.nextEnd);
  for (const jails of state.servers.values()) {
    for (const jail of jails.values()) next = Math.min(next, nextFlush(jail, now));
  }
  return next;
}

/** A flush that has begun to count since the last time; after a clock that was set back, any that counts. */
function someFlushCounts(state: State, now: number): boolean {
  const flushedBy = state.flushedBy > now ? -Infinity : state.flushedBy;
  for (const jails of state.servers.values()) {
    for (const jail of jails.values()) if (lastFlush(jail, now) > flushedBy) return true;
  }
  return false;
}

function settleShard(shard: Shard, state: State, now: number): Shard {
  const jailOf = ({ server, jail }: Pick<Claim, 'server' | 'jail'>): Jail =>
    state.servers.get(server)?.get(jail) ?? EMPTY_JAIL;
  const kept = shard.claims.keep((saying) => {
    const jail = jailOf(saying);
    const flushed = flushedUntil(jail, now);
    const isFlushed = heardOf({ heard: -Infinity }, jail) <= flushed;
    return (until, heard) => until > now && (!isFlushed || heard > flushed);
  });
  const changes = new Map<string, Claim | undefined>();
  for (const [key, claim] of kept.others) {
    const settled = settleClaim(claim, jailOf(claim), now);
    if (settled !== claim) changes.set(key, settled);
  }
  const settled = kept.with(changes);
  return settled === shard.claims ? shard : makeShard(settled);
}

function settleClaim(claim: Claim, jail: Jail, now: number): Claim | undefined {
  const flushed = flushedUntil(jail, now);
  const bans = claim.bans.filter((ban) => ban.until > now && heardOf(ban, jail) > flushed);
  if (bans.length === 0 && (claim.unbanned === undefined || (claim.forget ?? 0) <= now)) return undefined;
  const isAsItShould = bans.length > 0 || claim.details === undefined;
  if (bans.length === claim.bans.length && isAsItShould) return claim;
  const { details, ...rest } = claim;
  // On a tombstone they would depend on whether the ban or what ended it came first.
  const isDescribed = bans.length > 0 && details !== undefined && details.said > flushed;
  return { ...rest, bans, ...(isDescribed && { details }) };
}
