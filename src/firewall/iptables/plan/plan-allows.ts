/**
 * The allows that a chain needs before its set grows. A set and a table are never changed in one step: in between,
 * and for as long as iptables refuses the rest, a net around an allowed address would stand in the set and nothing
 * before it.
 */
import { setLookedInto } from '../rules/strange-rule.ts';
import type { ObservedRule, OurRule } from '../observed/observe.ts';
import type { RuleChange } from './change.ts';
import type { ChainRules } from '../wanted/wanted-chain.ts';

interface EarlyAllows {
  readonly changes: readonly RuleChange[];
  /** The chain as it is once they are made. */
  readonly rules: readonly ObservedRule[];
}

/** Plans those that do not yet stand ahead of what drops; nothing goes, and what else is amiss is for later. */
export function planAllows(
  chain: string,
  { allows, verdicts }: ChainRules,
  rules: readonly ObservedRule[],
): EarlyAllows {
  const places = new Map(allows.map(({ text }, index) => [text, index]));
  const standing = [...rules];
  const changes: RuleChange[] = [];
  for (const [place, rule] of allows.entries()) {
    const guarded = firstIndex(
      standing,
      (own) => verdicts.has(textOf(own)) || setLookedInto(own) !== undefined,
    );
    if (firstIndex(standing, (own) => textOf(own) === rule.text) < guarded) continue;
    const at = Math.min(
      guarded,
      firstIndex(standing, (own) => (places.get(textOf(own)) ?? -1) > place),
    );
    changes.push({ kind: 'insert', chain, at: at + 1, rule });
    standing.splice(at, 0, { kind: 'ours', rule, printed: rule.text, packets: 0, bytes: 0 });
  }
  return { changes, rules: standing };
}

/** The length where there is none. */
function firstIndex(rules: readonly ObservedRule[], isIt: (rule: OurRule) => boolean): number {
  const index = rules.findIndex((rule) => rule.kind === 'ours' && isIt(rule));
  return index < 0 ? rules.length : index;
}

function textOf({ rule, printed }: OurRule): string {
  return rule?.text ?? printed;
}
