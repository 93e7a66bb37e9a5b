/** Rules of ours from their text, and rulesets from what is wanted. */
import { desire, type Desired, type DesireOptions } from '../../src/desired/desire.ts';
import { portionsOf, type EnforcedClaim } from '../../src/desired/portion.ts';
import { parseRule } from '../../src/firewall/iptables/rules/parse-rule.ts';
import type { Rule } from '../../src/firewall/iptables/rules/rule.ts';
import type { Family } from '../../src/domain/net.ts';
import { rulesetOf, type Ruleset, type RulesetMeans } from '../../src/firewall/iptables/wanted/ruleset.ts';

/** The rule with this text; throws where it is none of ours. */
export function ruleFrom(text: string, family: Family = text.includes('v6') ? 'ipv6' : 'ipv4'): Rule {
  const rule = parseRule(text.split(' '), family);
  if (rule?.text !== text) throw new Error(`no rule of ours: "${text}"`);
  return rule;
}

/** The texts of rules. */
export function textsOf(rules: Iterable<Rule>): string[] {
  return Array.from(rules, ({ text }) => text);
}

/** What is desired where this is wanted. */
export function desireAll(wanted: Iterable<EnforcedClaim>, options: DesireOptions): Desired {
  return desire(portionsOf(wanted, options.family), options);
}

export type RulesetOptions = DesireOptions & RulesetMeans;

/** What should stand where this is wanted. */
export function rulesetFor(
  wanted: Iterable<EnforcedClaim>,
  { prefix, verdict, backend, ...rest }: RulesetOptions,
): Ruleset {
  return rulesetOf(desireAll(wanted, rest), { prefix, verdict, backend });
}
