/** How rules of ours are spelt, for who looks up why one is planned. */
import type { Spelling } from '../dataplane-kind.ts';
import { NEIGHBOUR_RULES } from './rules/neighbour.ts';
import { allowRule, isVerdict, RETURN_RULE, verdictRule, type Rule } from './rules/rule.ts';
import { chainOfSet, familyOfSet } from './rules/set.ts';

export const SPELLING: Spelling = {
  dropping: (net) => VERDICTS.map((verdict) => verdictRule(net, verdict).text),
  letting: (net) => allowRule(net).text,
  member: (set, text) => ({
    chain: chainOfSet(set),
    rule: verdictRule({ family: familyOfSet(set), text }, 'DROP').text,
  }),
  purpose,
};

const VERDICTS = ['DROP', 'REJECT'] as const;

function purpose(rule: Rule): string | undefined {
  if (rule.match === 'set') return 'all bans of the chain, in one set';
  if (rule.text === RETURN_RULE.text) return 'the end of each chain';
  if (NEIGHBOUR_RULES.some(({ text }) => text === rule.text)) return 'neighbour discovery, which IPv6 needs';
  return rule.match === 'source' || isVerdict(rule) ? undefined : 'the jump to the chain, at the top';
}
