/** Rules of ours from their text, and rulesets from what is wanted. */
import { desire, type Desired, type DesireOptions } from '../../src/desired/desire.ts';
import { portionsOf, type EnforcedClaim } from '../../src/desired/portion.ts';
import { observe, type ObservedRule } from '../../src/firewall/iptables/observed/observe.ts';
import type { RuleChange } from '../../src/firewall/iptables/plan/change.ts';
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

/** The rules of a chain, as iptables prints them without counters. */
export function observedRules(chain: string, printed: readonly string[]): readonly ObservedRule[] {
  const lines = ['-P INPUT ACCEPT', `-N ${chain}`, ...printed.map((rule) => `-A ${chain} ${rule}`)];
  const observation = observe(lines.join('\n'), { family: 'ipv4', prefix: 'fail2ban-' });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  return observation.observed.chains.get(chain) ?? [];
}

/** What a chain that holds these rules holds after changes of it: a delete takes the first of its text. */
export function carryOut(printed: readonly string[], changes: readonly RuleChange[]): readonly string[] {
  let rules = [...printed];
  for (const change of changes) {
    switch (change.kind) {
      case 'create':
        rules = textsOf(change.rules);
        break;
      case 'rewrite':
        rules = textsOf(change.rules.map(({ rule }) => rule));
        break;
      case 'delete': {
        const at = rules.indexOf(change.printed);
        if (at < 0) throw new Error(`no such rule: ${change.printed}`);
        rules.splice(at, 1);
        break;
      }
      case 'insert':
        if (change.at < 1 || change.at > rules.length + 1) throw new Error(`no such place: ${change.at}`);
        rules.splice(change.at - 1, 0, change.rule.text);
        break;
      case 'remove':
        rules = [];
        break;
    }
  }
  return rules;
}

/** What is desired where this is wanted. */
export function desireAll(wanted: Iterable<EnforcedClaim>, options: DesireOptions): Desired {
  return desire(portionsOf(wanted, options.family), options);
}

export type RulesetOptions = DesireOptions & RulesetMeans;

/** What should stand where this is wanted. */
export function rulesetFor(
  wanted: Iterable<EnforcedClaim>,
  { prefix, verdict, backend, early = false, ...rest }: RulesetOptions,
): Ruleset {
  return rulesetOf(desireAll(wanted, rest), { prefix, verdict, backend, early });
}
