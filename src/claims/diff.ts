/** What differs between two states, claim by claim: who was banned, and who no longer is and why. */
import { peerOf } from '../domain/names.ts';
import { originOf } from '../domain/origin.ts';
import type { Net } from '../domain/net.ts';
import { compareKeys, type Claim, type Details } from './claim.ts';
import { liftedUntil, liftsOf } from './live.ts';
import { shardOf, type Shard, type State } from './state.ts';
import { changedKeys } from './table/changed-keys.ts';
import { isTrial } from './trials.ts';

export type ClaimChange = Banned | Ended;

interface Named {
  readonly ip: Net;
  readonly server: string;
  readonly jail: string;
}

interface Banned extends Named {
  readonly kind: 'banned' | 'changed';
  readonly since: number;
  /** Infinity: until unbanned. */
  readonly until: number;
  readonly details: Details | undefined;
}

export interface Ended extends Named {
  readonly kind: 'ended';
  /** `withdrawn`: by a flush, a snapshot that did not hold it, or by hand. */
  readonly why: 'expired' | 'unconfirmed' | 'unbanned' | 'lifted' | 'withdrawn';
  /** Whose operator lifted it, where that was one of a peer. */
  readonly peer?: string;
}

/** Changes in what is banned, a shard's in order of addresses. What is the same object in both is not looked at. */
export function diffStates(before: State, after: State, now: number): readonly ClaimChange[] {
  const changes: ClaimChange[] = [];
  for (const name of new Set([...before.shards.keys(), ...after.shards.keys()])) {
    const [old, young] = [before.shards.get(name), after.shards.get(name)];
    if (old === young) continue;
    const inShard: ClaimChange[] = [];
    for (const key of keysToCompare(old, young)) {
      const change = compareClaims(old?.claims.get(key), young?.claims.get(key), { before, after, now });
      if (change !== undefined) inShard.push(change);
    }
    // Most come in order, which costs a look at each.
    for (const change of inShard.sort(compareKeys)) changes.push(change);
  }
  return changes;
}

/** A lift changes what is said of others, which stay as they are. */
function keysToCompare(old: Shard | undefined, young: Shard | undefined): Iterable<string> {
  const hasLifts = [old, young].some((shard) => (shard?.lifters.length ?? 0) > 0);
  return hasLifts
    ? new Set([...(old?.claims.keys() ?? []), ...(young?.claims.keys() ?? [])])
    : changedKeys(old?.claims, young?.claims);
}

interface Context {
  readonly before: State;
  readonly after: State;
  readonly now: number;
}

function compareClaims(
  before: Claim | undefined,
  after: Claim | undefined,
  context: Context,
): ClaimChange | undefined {
  const wasLifted = isLifted(before, context.before);
  const last = isLifted(after, context.after) ? undefined : after?.bans.at(-1);
  if (after !== undefined && last !== undefined) {
    const { ip, server, jail, details } = after;
    const { since, until } = last;
    const old = wasLifted ? undefined : before?.bans.at(-1);
    const told = { ip, server, jail, since, until, details };
    if (old === undefined) return { kind: 'banned', ...told };
    return old.until === until ? undefined : { kind: 'changed', ...told };
  }
  if (before === undefined || before.bans.length === 0 || wasLifted) return undefined;
  const { ip, server, jail } = before;
  return { kind: 'ended', ip, server, jail, ...whyEnded(before, after, context) };
}

/** True of a claim that is kept as it was told, and counts no more. */
function isLifted(claim: Claim | undefined, state: State): boolean {
  const last = claim?.bans.at(-1);
  return claim !== undefined && last !== undefined && last.since <= liftedUntil(claim, state);
}

function whyEnded(
  before: Claim,
  after: Claim | undefined,
  { after: state, now }: Context,
): Pick<Ended, 'why' | 'peer'> {
  if (before.bans.every((ban) => ban.until <= now))
    return { why: isTrial(before) ? 'unconfirmed' : 'expired' };
  if (after?.unbanned !== undefined && after.unbanned !== before.unbanned)
    return originOf(after.server).liftsOthers ? liftedBy(after) : { why: 'unbanned' };
  const shard = state.shards.get(shardOf(before.ip));
  const lifts = shard === undefined ? [] : liftsOf(before, shard);
  const heard = Math.min(...before.bans.map((ban) => ban.heard));
  const lift = lifts.find(({ unbanned = -Infinity }) => unbanned >= heard);
  return lift === undefined ? { why: 'withdrawn' } : liftedBy(lift);
}

function liftedBy({ server }: Claim): Pick<Ended, 'why' | 'peer'> {
  const peer = peerOf(server);
  return { why: 'lifted', ...(peer !== undefined && { peer }) };
}
