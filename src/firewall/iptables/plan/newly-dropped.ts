/** Whom changes of a firewall begin to drop, so that what goes on without it can be ended. */
import { eachMember } from '../../../desired/members.ts';
import { isVerdict, type Rule } from '../rules/rule.ts';
import { EVERYBODY } from '../../../domain/net.ts';
import { chainOfSet } from '../rules/set.ts';
import type { Change } from './change.ts';
import type { Ruleset } from '../wanted/ruleset.ts';

/** Addresses and networks, as text; some may have been dropped before. */
export function newlyDropped(changes: readonly Change[], ruleset: Ruleset): ReadonlySet<string> {
  const dropped = new Set<string>();
  const addAll = (chain: string): void => {
    const members = ruleset.chains.get(chain)?.jail.members;
    if (members !== undefined) for (const [text] of eachMember(members)) dropped.add(text);
  };
  const addRule = (rule: Rule): void => {
    if (rule.match === 'set') addAll(chainOfSet(rule.set));
    else if (!isVerdict(rule)) addAll(rule.to);
    else if (rule.match === 'source') dropped.add(rule.source);
    else if (rule.match === 'all') dropped.add(EVERYBODY[ruleset.family]);
  };
  for (const change of changes) {
    if (change.kind === 'create') change.rules.forEach(addRule);
    else if (change.kind === 'rewrite') change.difference.added.forEach(addRule);
    else if (change.kind === 'insert') addRule(change.rule);
    else if (change.kind === 'make-set') for (const { text } of change.set.members) dropped.add(text);
    else if (change.kind === 'change-set') for (const { text } of change.added) dropped.add(text);
  }
  return dropped;
}
