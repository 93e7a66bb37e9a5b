/**
 * Folds intents into the state. Pure: the same intents give the same claims in any order and however often each
 * comes, and a state that nothing changed is handed back as the same object. Only what a ban said beside its times
 * (ports, failures) may depend on the order, where snapshots of one jail contradict each other.
 */
import type { BanIntent, Intent, SnapshotIntent } from '../intent/intent.ts';
import { ADOPTED, liftName, liftNames } from '../domain/names.ts';
import { originOf } from '../domain/origin.ts';
import { heardOf, type Ban, type Claim, type Details } from './claim.ts';
import { isAlike, joinBan, joinDetails, joinUnban, withoutOlder, withoutUnlisted } from './claim-join.ts';
import { Draft } from './draft.ts';
import { flushedUntil, joinFlush, joinScope, joinSnapshot, joinStop } from './jail-join.ts';
import { forgetSeen, keepLiftsOfSeen } from './seen/forget-seen.ts';
import { settle } from './settle.ts';
import type { State } from './state.ts';

export interface SentIntent {
  readonly server: string;
  readonly intent: Intent;
}

interface FoldOptions {
  readonly now: number;
  /** How long an operator's unban is remembered at the least, in milliseconds: peers may not have heard of it. */
  readonly liftMemory?: number;
  /**
   * How long a ban that began is remembered, in milliseconds, since rules count it; 0: not at all. Undefined: what is
   * remembered stays as it is.
   */
  readonly seenMemory?: number;
}

/** Folds, then ends what has ended by `now`. */
export function fold(state: State, sent: readonly SentIntent[], now: number): State {
  return foldWith(state, sent, { now });
}

/** The same where more is remembered than claims need. */
export function foldWith(state: State, sent: readonly SentIntent[], options: FoldOptions): State {
  const { now, seenMemory } = options;
  const memory = seenMemory ?? 0;
  const draft = new Draft(state, now, options);
  for (const { server, intent } of sent) {
    apply(draft, server, intent);
    if (memory > 0) remember(draft, server, intent);
  }
  const kept = keepLiftsOfSeen(draft.finish(), { now, memory });
  const settled = settle(kept, state, now);
  return seenMemory === undefined ? settled : forgetSeen(settled, { now, memory });
}

/**
 * Only what a server says itself, when it bans: a replay has the time of the ban that it repeats, and what goes on, or
 * is found standing, has begun before.
 */
function remember(draft: Draft, server: string, intent: Intent): void {
  if (originOf(server).kind !== 'server' || intent.time <= draft.now - draft.seenMemory) return;
  const { jail, time } = intent;
  if (intent.intent === 'ban')
    draft.seen.addBan({ ip: intent.ip, server, jail }, { since: time, until: intent.until });
  if (intent.intent === 'unban') draft.seen.addUnban({ ip: intent.ip, server, jail }, time);
}

function apply(draft: Draft, server: string, intent: Intent): void {
  const { jail, time } = intent;
  switch (intent.intent) {
    case 'ban':
    case 'prolong':
      ban(draft, { ip: intent.ip, server, jail }, { ban: banOf(intent), time });
      if (intent.until > draft.now) details(draft, { ip: intent.ip, server, jail }, detailsOf(intent));
      return;
    case 'unban': {
      const meant = intent.within === true ? draft.claimedWithin(intent.ip) : [intent.ip];
      const name = liftName(jail, intent.of);
      for (const ip of meant) unban(draft, { ip, server, jail: name }, time);
      return;
    }
    case 'snapshot':
      if (intent.adds === true) addition(draft, server, intent);
      else snapshot(draft, server, intent);
      return;
    case 'start':
    case 'reload': {
      const { ports = 'all', protocols = 'tcp' } = intent;
      draft.changeJail(server, jail, (old) => joinScope(old, { said: time, ports, protocols }));
      return;
    }
    case 'stop':
      draft.changeJail(server, jail, (old) => joinStop(old, time));
      return;
    case 'flush':
      draft.changeJail(server, jail, (old) => joinFlush(old, { time, arrived: draft.now }));
      return;
  }
}

function banOf({ time, until }: BanIntent): Ban {
  return { heard: time, since: time, until };
}

function detailsOf({ time, ports, protocols, failures, reason, ifConfirmed }: BanIntent): Details {
  return {
    said: time,
    ...(ports !== undefined && { ports }),
    ...(protocols !== undefined && { protocols }),
    ...(failures !== undefined && { failures }),
    ...(reason !== undefined && { reason }),
    ...(ifConfirmed !== undefined && { ifConfirmed }),
  };
}

type Key = Pick<Claim, 'ip' | 'server' | 'jail'>;

/** Takes one ban said at that time, if it counts: by itself, or as one of a snapshot's. */
function ban(draft: Draft, key: Key, { ban, time }: { readonly ban: Ban; readonly time: number }): void {
  const record = draft.jail(key.server, key.jail);
  if (ban.until <= draft.now || time <= flushedUntil(record, draft.now)) return;
  if (time < (record.snapshot ?? -Infinity)) {
    refine(draft, key, ban);
    return;
  }
  // A ban that an operator lifted only makes the lift be remembered for longer.
  const claim = liftOf(draft, key, time) ?? draft.claim(key) ?? { ...key, bans: [] };
  prolongLifts(draft, key, ban);
  const isKnown = time > ban.heard && claim.bans.some((each) => isAlike(each, ban));
  if (!isKnown || claim.unbanned !== undefined) draft.putClaim(joinBan(claim, ban, record));
}

/** A lift is remembered for as long as what it lifted goes on to be told, though it is not enforced (see live.ts). */
function prolongLifts(draft: Draft, key: Key, ban: Ban): void {
  for (const lift of draft.liftsOn(key)) {
    if (ban.since > (lift.unbanned ?? -Infinity)) continue;
    draft.putClaim({ ...lift, forget: Math.max(lift.forget ?? 0, ban.until) });
  }
}

/** A ban that comes after the snapshot that listed it says its times to the fraction of a second. */
function refine(draft: Draft, key: Key, ban: Ban): void {
  const claim = draft.claim(key);
  const listed = claim?.bans.find((each) => isAlike(each, ban) && each.since < ban.since);
  if (claim === undefined || listed === undefined) return;
  draft.putClaim({ ...claim, bans: claim.bans.map((each) => (each === listed ? ban : each)) });
}

function details(draft: Draft, key: Key, details: Details): void {
  const claim = draft.claim(key);
  const flushed = flushedUntil(draft.jail(key.server, key.jail), draft.now);
  const isBanned = claim !== undefined && claim.bans.length > 0;
  if (!isBanned || details.said <= flushed || liftOf(draft, key, details.said) !== undefined) return;
  draft.putClaim(joinDetails(claim, details));
}

function liftOf(draft: Draft, key: Key, heard: number): Claim | undefined {
  return draft.ownLiftsOn(key).find(({ unbanned = -Infinity }) => heard <= unbanned);
}

function unban(draft: Draft, key: Key, time: number): void {
  let claim = joinUnban(draft.claim(key) ?? { ...key, bans: [] }, time, draft.jail(key.server, key.jail));
  if (originOf(key.server).liftsOthers)
    claim = { ...claim, forget: Math.max(claim.forget ?? 0, time + draft.liftMemory) };
  for (const other of liftedBy(draft, key)) {
    const record = draft.jail(other.server, other.jail);
    const ends = other.bans
      .filter((each) => heardOf(each, record) <= time || each.since <= time)
      .map((each) => each.until);
    claim = { ...claim, forget: Math.max(claim.forget ?? 0, ...ends) };
    draft.putClaim(withoutOlder(other, time, record));
  }
  const isForgotten = claim.bans.length === 0 && (claim.forget ?? 0) <= draft.now;
  if (!isForgotten || draft.claim(key) !== undefined) draft.putClaim(claim);
}

/**
 * What an unban lifts beside its own claim: an operator's, what any server claims. What the article's scripts left is
 * nobody's, so it is lifted by the first server that unbans it.
 */
function liftedBy(draft: Draft, { ip, server, jail }: Key): readonly Claim[] {
  if (originOf(server).liftsOthers) {
    const isLifted = (other: Claim): boolean => liftNames(other).includes(jail);
    const isOwn = (other: Claim): boolean => other.server === server && other.jail === jail;
    return draft.claimsOn(ip).filter((other) => isLifted(other) && !isOwn(other));
  }
  const left = draft.claim({ ip, server: ADOPTED, jail });
  return left === undefined ? [] : [left];
}

/** Each is a ban like any other; the ports and protocol are the jail's, as in a snapshot. */
function addition(draft: Draft, server: string, intent: SnapshotIntent): void {
  const { time, reason } = intent;
  scopeOfJail(draft, server, intent);
  for (const { key, ban: each } of listedIn(server, intent)) {
    ban(draft, key, { ban: each, time });
    if (reason !== undefined && each.until > draft.now) details(draft, key, { said: time, reason });
  }
}

function listedIn(server: string, { jail, time, bans }: SnapshotIntent): readonly Listed[] {
  return bans.map(({ ip, time: since, until }) => ({
    key: { ip, server, jail },
    ban: { heard: Math.min(since, time), since, until },
  }));
}

function scopeOfJail(draft: Draft, server: string, { jail, time, ports, protocols }: SnapshotIntent): void {
  if (ports === undefined && protocols === undefined) return;
  const scope = { said: time, ports: ports ?? 'all', protocols: protocols ?? 'tcp' };
  draft.changeJail(server, jail, (old) => joinScope(old, scope));
}

function snapshot(draft: Draft, server: string, intent: SnapshotIntent): void {
  const { jail, time } = intent;
  const listed = listedIn(server, intent);
  const isNew = time > (draft.jail(server, jail).snapshot ?? -Infinity);
  if (isNew) endUnlisted(draft, listed, { server, jail, time });
  draft.changeJail(server, jail, (old) => joinSnapshot(old, time));
  scopeOfJail(draft, server, intent);
  for (const { key, ban: each } of listed) ban(draft, key, { ban: each, time });
}

interface Listed {
  readonly key: Key;
  readonly ban: Ban;
}

interface SnapshotHead {
  readonly server: string;
  readonly jail: string;
  readonly time: number;
}

function endUnlisted(draft: Draft, listed: readonly Listed[], { server, jail, time }: SnapshotHead): void {
  const bans = new Map<string, Ban[]>();
  for (const { key, ban: each } of listed) {
    const known = bans.get(key.ip.text);
    if (known === undefined) bans.set(key.ip.text, [each]);
    else known.push(each);
  }
  for (const claim of draft.claimsBefore(server, jail, time)) {
    const kept = withoutUnlisted(claim, bans.get(claim.ip.text) ?? [], time);
    if (kept !== claim) draft.putClaim(kept);
  }
}
