/**
 * How one thing said is joined to a claim. Each join is idempotent, and any order of joins gives the same claim: the
 * spool gives no order, and a file may come twice.
 */
import type { Ban, Claim, Details } from './claim.ts';

/** How long an unban is remembered at the least: an older ban may still wait in a server's outbox. */
export const TOMBSTONE_MS = 24 * 3600 * 1000;

/**
 * Bans of one claim that are kept side by side. More would need a server to shorten its own ban again and again,
 * each time before the last one ended; the oldest two then count as one, which keeps the longer end.
 */
const MAX_BANS = 8;

/** Adds a ban: the later end wins, unless the server unbanned since. */
export function joinBan(claim: Claim, ban: Ban): Claim {
  const forget = claim.unbanned === undefined ? {} : { forget: Math.max(claim.forget ?? 0, ban.until) };
  if (claim.unbanned !== undefined && ban.heard <= claim.unbanned) return { ...claim, ...forget };

  const bans: Ban[] = [];
  for (const each of [ban, ...claim.bans].sort(newestFirst)) {
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
export function joinUnban(claim: Claim, time: number): Claim {
  const unbanned = Math.max(claim.unbanned ?? -Infinity, time);
  const ends = claim.bans.map((ban) => ban.until);
  const forget = Math.max(unbanned + TOMBSTONE_MS, claim.forget ?? 0, ...ends);
  return { ...withoutOlder(claim, unbanned), unbanned, forget };
}

/** The claim without what was said up to `time`; who ended it remembers that elsewhere. */
export function withoutOlder({ details, ...claim }: Claim, time: number): Claim {
  return {
    ...claim,
    ...(details !== undefined && details.said > time && { details }),
    bans: claim.bans.filter((ban) => ban.heard > time),
  };
}

/** Newest first; of two as new the longer first; of two as long the one that began later. */
function newestFirst(a: Ban, b: Ban): number {
  if (a.heard !== b.heard) return b.heard - a.heard;
  if (a.until !== b.until) return a.until > b.until ? -1 : 1;
  return b.since - a.since;
}

function capBans(bans: readonly Ban[]): readonly Ban[] {
  const [oldest, before] = [bans.at(-1), bans.at(-2)];
  if (bans.length <= MAX_BANS || oldest === undefined || before === undefined) return bans;
  return [...bans.slice(0, -2), { ...before, until: oldest.until }];
}
