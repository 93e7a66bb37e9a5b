/**
 * Finds in what became of a claim's line what rules of escalation count: bans that its server began, and its unbans.
 * What goes on while it is in force was most likely prolonged, and is none. Pure.
 */
import { isAlike } from '../claims/claim-join.ts';
import type { Ban, Claim } from '../claims/claim.ts';
import { originOf } from '../domain/origin.ts';

/** The ban that the server began, as the line says it that came in place of the other. */
export function beganIn(before: Claim | undefined, after: Claim): Ban | undefined {
  const [ban] = after.bans;
  if (ban === undefined || originOf(after.server).kind !== 'server' || !isSaid(after, ban)) return undefined;
  const known = before?.bans ?? [];
  const wasInForce = known.some(({ since, until }) => since <= ban.since && ban.since < until);
  // What a snapshot listed first, and its own word tells now.
  const isNews =
    known.some((each) => isAlike(each, ban)) && before !== undefined && !isSaid(before, known[0]);
  return wasInForce && !isNews ? undefined : ban;
}

/** When the server unbanned it, where the line that came in place of the other says so. */
export function unbannedIn(before: Claim | undefined, after: Claim): number | undefined {
  const { server, unbanned } = after;
  return originOf(server).kind === 'server' && unbanned !== before?.unbanned ? unbanned : undefined;
}

/** A snapshot tells no more than times. */
function isSaid({ details }: Claim, ban: Ban | undefined): boolean {
  return ban !== undefined && details?.said === ban.heard;
}
