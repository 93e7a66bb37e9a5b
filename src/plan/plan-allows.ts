/**
 * The allows that a chain needs before its set grows. A set and a table are never changed in one step: in between, and
 * for as long as iptables refuses the rest, a net around an allowed address would stand in the set and nothing before it.
 */
import type { DesiredChain } from '../desired/desired-chain.ts';
import { setInRule } from '../netfilter/rule.ts';
import type { ObservedRule } from '../observed/observe.ts';
import type { RuleChange } from './change.ts';

export interface EarlyAllows {
  readonly changes: readonly RuleChange[];
  /** The chain as it is once they are made. */
  readonly rules: readonly ObservedRule[];
}

/** Plans those that do not yet stand ahead of what drops; nothing goes, and what else is amiss is for later. */
export function planAllows(
  chain: string,
  { allows, verdicts }: DesiredChain,
  rules: readonly ObservedRule[],
): EarlyAllows {
  const places = new Map(allows.map((rule, index) => [rule, index]));
  const standing = [...rules];
  const changes: RuleChange[] = [];
  for (const [place, rule] of allows.entries()) {
    const guarded = firstIndex(standing, (text) => verdicts.has(text) || setInRule(text) !== undefined);
    if (firstIndex(standing, (text) => text === rule) < guarded) continue;
    const at = Math.min(
      guarded,
      firstIndex(standing, (text) => (places.get(text) ?? -1) > place),
    );
    changes.push({ kind: 'insert', chain, at: at + 1, rule });
    standing.splice(at, 0, { kind: 'ours', text: rule, printed: rule, packets: 0, bytes: 0 });
  }
  return { changes, rules: standing };
}

/** The length where there is none. */
function firstIndex(rules: readonly ObservedRule[], isIt: (text: string) => boolean): number {
  const index = rules.findIndex((rule) => rule.kind === 'ours' && isIt(rule.text));
  return index < 0 ? rules.length : index;
}
