/** What an operator tries, and has not confirmed: it goes back by itself. */
import { untilText } from '../report/words.ts';
import type { State } from '../state/state.ts';
import { trialsIn } from '../state/trials.ts';
import type { Memory } from './memory.ts';
import type { Unconfirmed } from './pass.ts';
import { policyDue } from './policy-in-force.ts';

/** All of it. */
export function findUnconfirmed(memory: Memory, state: State, now: number): readonly Unconfirmed[] {
  const policy = policyDue(memory);
  return [
    ...trialsIn(state, now).map(({ claim, until, ifConfirmed }) => ({
      what: `the ban of ${claim.ip.text} in ${claim.jail} ${untilText(ifConfirmed)}`,
      until,
    })),
    ...(policy === Infinity ? [] : [{ what: 'the policy', until: policy }]),
  ];
}
