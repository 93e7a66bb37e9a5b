/**
 * What the table `raw` should hold, ahead of connection tracking: one chain that looks into the sets of those chains
 * that all traffic comes to. It is one more line of defence, and `filter` drops what it does without it.
 */
import { earlyChain } from '../../chain.ts';
import { jumpRule, setRule, type Rule } from '../rules/rule.ts';
import type { Ruleset } from './ruleset.ts';
import type { ChainRules, WantedChain } from './wanted-chain.ts';

/** Chains of one table, and the jumps to them. */
export interface TableWanted extends Pick<Ruleset, 'family' | 'jumps'> {
  readonly chains: ReadonlyMap<string, ChainRules & Partial<Pick<WantedChain, 'set'>>>;
}

/** The chain in it that leads to ours. */
export const RAW_HOOK = 'PREROUTING';

/** The table of one family; nothing where nothing is asked for. */
export function earlyTable({ family, chains, means }: Ruleset): TableWanted {
  const [allows, verdicts] = [new Map<string, Rule>(), new Map<string, Rule>()];
  if (means.early === true)
    for (const { set, jail, allows: own } of chains.values()) {
      if (set === undefined || !jail.traffic.has('all')) continue;
      const rule = setRule(set.name, family, 'DROP');
      verdicts.set(rule.text, rule);
      // Whoever one of them lets by comes to `filter`, where each chain lets by its own.
      for (const allow of own) allows.set(allow.text, allow);
    }
  if (verdicts.size === 0) return { family, chains: new Map(), jumps: [] };
  const chain = earlyChain(means.prefix);
  const rules = { allows: [...allows.values()], verdicts };
  return { family, chains: new Map([[chain, rules]]), jumps: [jumpRule({ chain })] };
}
