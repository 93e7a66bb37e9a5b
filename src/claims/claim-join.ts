/**
 * How one thing said is joined to a claim. Each join is idempotent, and any order of joins gives the same claim: the
 * spool gives no order, and a file may come twice.
 */
import { heardOf, type Ban, type Claim, type Details, type Jail } from './claim.ts';

/** How long an unban is remembered at the least: an older ban may still wait in a server's outbox. */
const TOMBSTONE_MS = 24 * 3600 * 1000;

/**
 * Bans of one claim that are kept side by side. More would need a server to shorten its own ban again and again,
 * each time before the last one ended; the oldest two then count as one, which keeps the longer end.
 */
export const MAX_BANS = 8;

/** Adds a ban: the later end wins, unless the server unbanned since. */
export function joinBan(claim: Claim, ban: Ban, jail: Jail): Claim {
  const forget = claim.unbanned === undefined ? {} : { forget: Math.max(claim.forget ?? 0, ban.until) };
  if (claim.unbanned !== undefined && heardOf(ban, jail) <= claim.unbanned) return { ...claim, ...forget };

  const bans: Ban[] = [];
  for (const each of [ban, ...claim.bans].sort((a, b) => compareBans(a, b, jail))) {
    const newer = bans.at(-1);
    if (newer === undefined || each.until > newer.until) bans.push(each);
  }
  return { ...claim, bans: capBans(bans), ...forget };
}

/** Keeps the newer details; of two as new always the same ones. */
export function joinDetails(claim: Claim, details: Details): Claim {
  const old = claim.details;
  if (details.said <= (claim.unbanned ?? -Infinity) || (old !== undefined && old.said > details.said))
    return claim;
  if (old?.said === details.said && JSON.stringify(old) >= JSON.stringify(details)) return claim;
  return { ...claim, details };
}

/** Ends every ban heard up to `time`, and remembers that. */
export function joinUnban(claim: Claim, time: number, jail: Jail): Claim {
  const unbanned = Math.max(claim.unbanned ?? -Infinity, time);
  const ends = claim.bans.map((ban) => ban.until);
  const forget = Math.max(unbanned + TOMBSTONE_MS, claim.forget ?? 0, ...ends);
  return { ...withoutOlder(claim, unbanned, jail), unbanned, forget };
}

/** The claim without what was said up to `time`; who ended it remembers that elsewhere. */
export function withoutOlder({ details, ...claim }: Claim, time: number, jail: Jail): Claim {
  return {
    ...claim,
    ...(details !== undefined && details.said > time && { details }),
    bans: claim.bans.filter((ban) => heardOf(ban, jail) > time),
  };
}

/**
 * The claim without the bans that a new snapshot of that time did not list. What they had said stays with what it
 * did.
 */
export function withoutUnlisted(claim: Claim, listed: readonly Ban[], time: number): Claim {
  const bans = claim.bans.filter((ban) => ban.heard >= time || listed.some((each) => isAlike(each, ban)));
  return bans.length === claim.bans.length ? claim : { ...claim, bans };
}

/**
 * fail2ban lists whole seconds of what its actions tell to the fraction: the same ban, if both its ends are less than a
 * second apart.
 */
export function isAlike(a: Ban, b: Ban): boolean {
  return Math.abs(a.since - b.since) < 1000 && (a.until === b.until || Math.abs(a.until - b.until) < 1000);
}

/**
 * Newest first; of two as new the one that began later, since a lift between the two leaves only that; of those the
 * longer.
 */
function compareBans(a: Ban, b: Ban, jail: Jail): number {
  const [first, second] = [heardOf(a, jail), heardOf(b, jail)];
  if (first !== second) return second - first;
  if (a.since !== b.since) return b.since - a.since;
  if (a.until === b.until) return 0;
  return a.until > b.until ? -1 : 1;
}

/** A copy, which has no room for more, as what grew by one had: for sixteen more, 130 bytes. */
function capBans(bans: readonly Ban[]): readonly Ban[] {
  const [oldest, before] = [bans.at(-1), bans.at(-2)];
  if (bans.length <= MAX_BANS || oldest === undefined || before === undefined) return [...bans];
  return [...bans.slice(0, -2), { ...before, until: oldest.until }];
}
