/**
 * What is desired, in the words of iptables: chains of rules with their sets, and the jumps to them, in the order in
 * which they should stand.
 */
import type { Desired } from '../../../desired/desire.ts';
import { chainOf, denyChain, listChain } from '../../chain.ts';
import type { Rule } from '../rules/rule.ts';
import type { Family } from '../../../domain/net.ts';
import { wantedChain, type Means, type WantedChain } from './wanted-chain.ts';

export interface Ruleset {
  readonly family: Family;
  /** By name, in the order of their jumps. */
  readonly chains: ReadonlyMap<string, WantedChain>;
  /** Stand in this order at the top of each hook. */
  readonly jumps: readonly Rule[];
  readonly desired: Desired;
  readonly means: RulesetMeans;
}

export interface RulesetMeans extends Means {
  readonly prefix: string;
}

/** The ruleset of one family. Chains of jails that are as they were in `before` are the same objects as there. */
export function rulesetOf(desired: Desired, means: RulesetMeans, before?: Ruleset): Ruleset {
  const { family, jails, lists, denied } = desired;
  const { prefix } = means;
  const old = before !== undefined && areSame(before.means, means) ? before.chains : undefined;
  const named = Array.from(jails, ([name, jail]) => [chainOf(name, prefix), jail] as const);
  for (const [name, list] of lists) named.push([listChain(name, prefix), list]);
  if (denied !== undefined) named.push([denyChain(prefix), denied]);
  named.sort(([a], [b]) => (a < b ? -1 : 1));
  const chains = new Map(
    named.map(([name, jail]) => {
      const known = old?.get(name);
      return [name, known?.jail === jail ? known : wantedChain(name, { family, jail, means, before: known })];
    }),
  );
  const jumps = Array.from(chains.values()).flatMap((chain) => chain.jumps);
  return { family, chains, jumps, desired, means };
}

function areSame(a: RulesetMeans, b: RulesetMeans): boolean {
  const isSame = a.prefix === b.prefix && a.verdict === b.verdict && a.backend === b.backend;
  return isSame && (a.early ?? false) === (b.early ?? false);
}
