/**
 * The lines that this firewall publishes: the bans of its own servers that it enforces, and the lifts of its own
 * operator. It never publishes a line of a peer. A ban that ended early becomes a tombstone, which stays until the ban
 * would have ended.
 */
import { claimKey, type Ban, type Claim } from '../claims/claim.ts';
import { LONGEST_MEMORY_MS } from '../claims/keep-lifts.ts';
import { liftedUntil } from '../claims/live.ts';
import { isLift, type Shard, type State } from '../claims/state.ts';
import { explain, type Grounds } from '../desired/conclude.ts';
import type { PublishPolicy } from '../policy/peer-policy.ts';

/** By claimKey. */
export type Lines = ReadonlyMap<string, Claim>;

interface ShardOptions {
  readonly state: State;
  readonly grounds: Grounds;
}

/** The enforced bans of one shard of this firewall's own claims; undefined is a shard that no longer exists. */
export function linesOf(name: string, own: Shard | undefined, options: ShardOptions): Lines {
  return new Map(own === undefined ? [] : enforcedLines(name, own, options));
}

/** These lines, with tombstones for the bans that were published before and ended early. */
export function withEnds(banned: Lines, before: Lines, now: number): Lines {
  const lines = new Map(banned);
  for (const [key, old] of before) {
    const told = Math.min(endOfTold(old), now + LONGEST_MEMORY_MS);
    const line = lines.get(key);
    if (line === undefined && told > now) lines.set(key, tombstone(old, { forget: told, now }));
    else if (line !== undefined && told > endOfTold(line)) lines.set(key, shortened(line, told));
  }
  return lines;
}

/** Until when a peer that received this line, and no later one, would ban. */
function endOfTold({ bans, forget = -Infinity }: Claim): number {
  return bans.reduce((end, { until }) => Math.max(end, until), forget);
}

/** A peer may not know that the ban now ends earlier: after its end, a tombstone is published until `forget`. */
function shortened(line: Claim, forget: number): Claim {
  const [newest] = line.bans;
  return { ...line, unbanned: (newest?.since ?? 0) - 1, forget };
}

/** The operator's lifts in a shard. */
export function liftsIn(own: Shard, { lifts }: PublishPolicy): Lines {
  if (!lifts || own.lifters.length === 0) return new Map();
  const told = Array.from(own.claims).filter(([, claim]) => isLift(claim));
  return new Map(told.map(([key, claim]) => [key, withoutBans(claim)]));
}

function* enforcedLines(
  name: string,
  own: Shard,
  { state, grounds }: ShardOptions,
): Generator<readonly [key: string, line: Claim]> {
  const alone: State = { ...state, shards: new Map([[name, own]]), peers: new Map() };
  const { publish } = grounds.policy;
  for (const live of explain(alone, { ...grounds, given: [] }).judgement.enforced) {
    const key = claimKey(live);
    const claim = own.claims.get(key);
    if (claim === undefined || !isTold(publish, live)) continue;
    const lifted = liftedUntil(claim, alone);
    const bans = claim.bans
      .filter(({ since, until }) => until > grounds.now && since > lifted)
      .map(({ since, until }): Ban => ({ heard: since, since, until: Math.min(until, live.until) }));
    const { ip, server, jail, ports, protocols, since, details } = live;
    const { failures, reason } = details ?? {};
    const said = {
      ...{ said: since, ports, protocols },
      ...(failures !== undefined && { failures }),
      ...(reason !== undefined && { reason }),
    };
    yield [key, { ip, server, jail, bans, details: said }];
  }
}

function isTold(
  { jails, servers }: PublishPolicy,
  { server, jail }: Pick<Claim, 'server' | 'jail'>,
): boolean {
  return (jails?.includes(jail) ?? true) && (servers?.includes(server) ?? true);
}

function withoutBans({ ip, server, jail, unbanned = 0, forget = Infinity }: Claim): Claim {
  return { ip, server, jail, bans: [], unbanned, forget };
}

function tombstone(
  { ip, server, jail, unbanned }: Claim,
  { forget, now }: { readonly forget: number; readonly now: number },
): Claim {
  return { ip, server, jail, bans: [], unbanned: unbanned ?? now, forget };
}

/** When the first of the lines ends, in milliseconds since 1970; Infinity without one. */
export function endOf(lines: Lines): number {
  let end = Infinity;
  for (const { bans, forget = Infinity } of lines.values())
    end = Math.min(end, bans.length === 0 ? forget : Math.min(...bans.map(({ until }) => until)));
  return end;
}
