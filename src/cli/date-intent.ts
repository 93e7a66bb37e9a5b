/** Dates an operator's word: what he answers to may have been said by a clock that is ahead of this one. */
import { MAX_AHEAD_MS } from '../intent/clamp.ts';
import type { BanIntent, UnbanIntent } from '../intent/intent.ts';
import { liftName, liftNames } from '../domain/names.ts';
import { contains, type Net } from '../domain/net.ts';
import { allClaims, isLift, type State } from '../claims/state.ts';

/** The unban, not before any ban that it is to lift. */
export function dateUnban(unban: UnbanIntent, state: State): UnbanIntent {
  const { ip, jail, of, within } = unban;
  const name = liftName(jail, of);
  const isMeant = (net: Net): boolean => net.text === ip.text || (within === true && contains(ip, net));
  const heard = Array.from(allClaims(state))
    .filter((claim) => isMeant(claim.ip) && liftNames(claim).includes(name))
    .flatMap(({ bans }) => bans.flatMap((each) => [each.heard, each.since]));
  return { ...unban, time: notBefore(heard, unban.time) };
}

/** The ban, after any unban of an operator, which was perhaps dated ahead for what it lifted. It keeps its length. */
export function dateBan(ban: BanIntent, state: State): BanIntent {
  const lifted = Array.from(allClaims(state)).flatMap((claim) =>
    claim.ip.text === ban.ip.text && isLift(claim) ? [(claim.unbanned ?? 0) + 1] : [],
  );
  const time = notBefore(lifted, ban.time);
  const { ifConfirmed } = ban;
  return {
    ...ban,
    time,
    until: time + (ban.until - ban.time),
    ...(ifConfirmed !== undefined && { ifConfirmed: time + (ifConfirmed - ban.time) }),
  };
}

/** The latest of them and of now; what is too far ahead would have the whole word be taken as of now. */
function notBefore(times: readonly number[], now: number): number {
  return times.filter((time) => time - now <= MAX_AHEAD_MS).reduce((a, b) => Math.max(a, b), now);
}
