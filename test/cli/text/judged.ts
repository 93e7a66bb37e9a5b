/** What is judged of a state and a policy, for words about it. */
import { liveClaims } from '../../../src/claims/live.ts';
import type { SentIntent } from '../../../src/claims/fold.ts';
import { judge, type Judgement } from '../../../src/policy/judge.ts';
import { EMPTY_POLICY, readPolicy, type Policy } from '../../../src/policy/policy.ts';
import { heard, millis } from '../../claims/said.ts';

/** Ten seconds after the start. */
export function judged(said: readonly SentIntent[], policy: Policy = EMPTY_POLICY): Judgement {
  const now = millis(10);
  return judge(liveClaims(heard(10, ...said), now), { policy, ownAddresses: [], now });
}

/** The policy of that text. */
export function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}
