/** What an operator tries, and has not confirmed: it goes back by itself. */
import { untilText } from '../domain/words.ts';
import type { State } from '../claims/state.ts';
import { trialsIn } from '../claims/trials.ts';
import type { Unconfirmed } from './pass.ts';

/** The bans and the policy on trial; `policyDue` is when the policy goes back, Infinity where none is on trial. */
export function findUnconfirmed(policyDue: number, state: State, now: number): readonly Unconfirmed[] {
  return [
    ...trialsIn(state, now).map(({ claim, until, ifConfirmed }) => ({
      what: `the ban of ${claim.ip.text} in ${claim.jail} ${untilText(ifConfirmed)}`,
      until,
    })),
    ...(policyDue === Infinity ? [] : [{ what: 'the policy', until: policyDue }]),
  ];
}
