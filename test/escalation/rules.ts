/** Short forms of policies with rules, and of what they ban, for tests of escalation. */
import { foldWith, type SentIntent } from '../../src/claims/fold.ts';
import { allClaims, EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { escalate } from '../../src/escalation/escalate.ts';
import { memoryOfRules } from '../../src/escalation/memory-of-rules.ts';
import { readPolicy, type Policy } from '../../src/policy/policy.ts';
import { millis, START } from '../claims/said.ts';

/** A policy of these rules, each as it stands in braces, and of more lines. */
export function rules(each: string | readonly string[], more = ''): Policy {
  const lines = [each].flat().map((rule) => `  - { ${rule} }\n`);
  const read = readPolicy(`escalate:\n${lines.join('')}${more}`);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}

export const SEEN_BY_TWO = rules('name: two, servers: 2, within: 1h, ban: 1d');

interface Passed {
  readonly policy: Policy;
  readonly state?: State;
  /** True: all that is remembered is looked at again. */
  readonly isStart?: boolean;
}

/** The state after a pass at that time. */
export function passed(
  at: number,
  { policy, state = EMPTY_STATE, isStart = false }: Passed,
  ...said: readonly SentIntent[]
): State {
  const now = millis(at);
  const folded = foldWith(state, said, { now, seenMemory: memoryOfRules(policy.escalate) });
  return escalate(folded, { policy, now, ...(!isStart && { before: state.seen }) });
}

/** What rules ban: `203.0.113.7 two 5-86405`, in seconds. */
export function escalated(state: State): readonly string[] {
  const seconds = (time: number): number => (time - START) / 1000;
  return Array.from(allClaims(state))
    .filter(({ server, bans }) => server === 'escalation' && bans.length > 0)
    .map(({ ip, jail, bans }) => {
      const ends = bans.map(({ since, until }) => `${seconds(since)}-${seconds(until)}`);
      return `${ip.text} ${jail} ${ends.join(' ')}`;
    })
    .sort();
}

/** Why, as the claims have it. */
export function reasons(state: State): readonly (string | undefined)[] {
  return Array.from(allClaims(state))
    .filter(({ server }) => server === 'escalation')
    .map(({ details }) => details?.reason)
    .sort();
}
