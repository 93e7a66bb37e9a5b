/** What an operator tries, and has not confirmed: it goes back by itself. */
import type { State } from '../claims/state.ts';
import { trialsIn } from '../claims/trials.ts';
import type { Unconfirmed } from './pass.ts';

/** The bans and the policy on trial; `policyDue` is when the policy goes back, Infinity where none is on trial. */
export function findUnconfirmed(policyDue: number, state: State, now: number): readonly Unconfirmed[] {
  return [
    // Without a time: who reads it has a zone of his own.
    ...trialsIn(state, now).map(({ claim: { ip, jail }, until, ifConfirmed }) => ({
      what: `the ban of ${ip.text} in ${jail}`,
      until,
      ban: { ip, jail, ifConfirmed },
    })),
    ...(policyDue === Infinity ? [] : [{ what: 'the policy', until: policyDue, ban: undefined }]),
  ];
}
