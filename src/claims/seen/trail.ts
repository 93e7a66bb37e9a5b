/**
 * What is remembered of the bans that one server began of one address in one jail, whether they have ended or not: what
 * rules of escalation count. Each join is idempotent, and any order of joins gives the same trail: sets grow, and of a
 * ban that is told twice the earlier end counts, so that no word that comes later takes away what was counted. Times
 * are whole seconds, in milliseconds since 1970: fail2ban tells the same ban with and without its fraction.
 */
import type { Net } from '../../domain/net.ts';

export interface Trail {
  readonly ip: Net;
  readonly server: string;
  readonly jail: string;
  /** Oldest first, of each second one. */
  readonly bans: readonly Sighting[];
  /** When the server unbanned it, oldest first. */
  readonly unbans: readonly number[];
}

/** A ban that began. */
export interface Sighting {
  readonly since: number;
  /** As it was said; Infinity: until unbanned. */
  readonly until: number;
}

/**
 * Bans and unbans that are kept of one trail, the newest: a server that bans the same address more often within the
 * longest time of a rule has had every rule met long before.
 */
export const MOST_OF_TRAIL = 64;

/** Adds a ban that began; the same object where it was known. */
export function joinSighting(trail: Trail, ban: Sighting): Trail {
  const since = wholeSecond(ban.since);
  const until = Math.max(since, wholeSecond(ban.until));
  const old = trail.bans.find((each) => each.since === since);
  if (old !== undefined && old.until <= until) return trail;
  const others = trail.bans.filter((each) => each !== old);
  const bans = [...others, { since, until }].sort((a, b) => a.since - b.since).slice(-MOST_OF_TRAIL);
  return bans.length === trail.bans.length && bans.every((each, at) => each === trail.bans[at])
    ? trail
    : { ...trail, bans };
}

/** Adds an unban; the same object where it was known. */
export function joinUnbanOf(trail: Trail, time: number): Trail {
  const at = wholeSecond(time);
  if (trail.unbans.includes(at)) return trail;
  const unbans = [...trail.unbans, at].sort((a, b) => a - b).slice(-MOST_OF_TRAIL);
  return unbans.includes(at) ? { ...trail, unbans } : trail;
}

/** What both remember. */
export function joinTrails(trail: Trail, other: Trail): Trail {
  const banned = other.bans.reduce(joinSighting, trail);
  return other.unbans.reduce(joinUnbanOf, banned);
}

/** When the ban was over: at its own end, or when its server unbanned it. */
export function endOfSighting({ since, until }: Sighting, { unbans }: Pick<Trail, 'unbans'>): number {
  return Math.min(until, unbans.find((time) => time >= since) ?? Infinity);
}

/** The trail without what was before `cutoff`; undefined where nothing is left of it. */
export function withoutBefore(trail: Trail, cutoff: number): Trail | undefined {
  const bans = trail.bans.filter(({ since }) => since >= cutoff);
  const unbans = trail.unbans.filter((time) => time >= cutoff);
  if (bans.length + unbans.length === 0) return undefined;
  const isSame = bans.length === trail.bans.length && unbans.length === trail.unbans.length;
  return isSame ? trail : { ...trail, bans, unbans };
}

/** How much it takes of what its server may have remembered. */
export function sizeOfTrail({ bans, unbans }: Trail): number {
  return bans.length + unbans.length;
}

/** The first moment of it; Infinity of an empty one. */
export function firstOfTrail({ bans, unbans }: Trail): number {
  return Math.min(bans[0]?.since ?? Infinity, unbans[0] ?? Infinity);
}

function wholeSecond(time: number): number {
  return time === Infinity ? Infinity : Math.floor(time / 1000) * 1000;
}
