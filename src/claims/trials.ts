/** Bans that an operator tries: they end soon, unless he confirms them. */
import type { Claim } from './claim.ts';
import type { State } from './state.ts';

export interface Trial {
  readonly claim: Claim;
  /** When it goes back. */
  readonly until: number;
  /** Its end once it is confirmed; Infinity: until unbanned. */
  readonly ifConfirmed: number;
}

/** True while what the claim last said is a ban that waits to be confirmed. */
export function isTrial(claim: Claim): boolean {
  return trialOf(claim, -Infinity) !== undefined;
}

/** All that wait now. */
export function trialsIn(state: State, now: number): readonly Trial[] {
  return allTrialsIn(state, now);
}

/** All that nobody confirmed in time, and that no pass has taken back yet. */
export function lateTrialsIn(state: State, now: number): readonly Trial[] {
  return allTrialsIn(state, -Infinity).filter(({ until }) => until <= now);
}

function allTrialsIn(state: State, after: number): readonly Trial[] {
  const found: Trial[] = [];
  for (const shard of state.shards.values()) {
    if (!shard.hasTrials) continue;
    for (const claim of shard.claims.values()) {
      const trial = trialOf(claim, after);
      if (trial !== undefined) found.push(trial);
    }
  }
  return found;
}

/** What an earlier, longer ban leaves of the claim was not tried. */
function trialOf(claim: Claim, now: number): Trial | undefined {
  const { bans, details } = claim;
  const ifConfirmed = details?.ifConfirmed;
  const tried = bans.find(({ heard, until }) => heard === details?.said && until > now);
  return ifConfirmed === undefined || tried === undefined
    ? undefined
    : { claim, until: tried.until, ifConfirmed };
}
