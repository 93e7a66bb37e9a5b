/**
 * Turns the text of `iptables -S -v` (one table, one family) into what is there. Ours are known by their
 * chain. Foreign rules are only counted, so that their place is known: their text is never written back, because
 * iptables-nft prints what it does not understand without its matches.
 */
import { isOurs } from '../../chain.ts';
import { parseRule } from '../rules/parse-rule.ts';
import type { Rule } from '../rules/rule.ts';
import { bareTarget, joinWords, jumpTarget, splitWords, takeCounters } from '../rules/rule-words.ts';
import { readStrangeRule, type StrangeRule } from '../rules/strange-rule.ts';
import type { Family } from '../../../domain/net.ts';
import type { ObservedSet } from './observe-sets.ts';

export interface Observed {
  readonly family: Family;
  /** Every chain of the table, built-in and user-defined, with its rules in order. */
  readonly chains: ReadonlyMap<string, readonly ObservedRule[]>;
  /** Sets of ours, by name; none until they were looked at. */
  readonly sets: ReadonlyMap<string, ObservedSet>;
  /** The table ahead of connection tracking; undefined until it was looked at. */
  readonly raw?: RawTable;
}

export type RawTable =
  | { readonly kind: 'read'; readonly chains: Observed['chains'] }
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** Nothing of ours may be put in it. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nothing of ours was in it when it was last read, and nothing is to be. */
  | { readonly kind: 'left' };

/** All chains of it that were read. */
export function rawChains({ raw }: Pick<Observed, 'raw'>): Observed['chains'] {
  return raw?.kind === 'read' ? raw.chains : NO_CHAINS;
}

const NO_CHAINS: Observed['chains'] = new Map();

export type ObservedRule = OurRule | ForeignRule;

export interface OurRule {
  readonly kind: 'ours';
  /**
   * Undefined for one of none of our own forms: iptables-nft does not always find it by what it printed (`-m
   * recent`).
   */
  readonly rule: Rule | undefined;
  /** What is known of it then. */
  readonly strange?: StrangeRule;
  /** As printed, without counters: what a delete by value must say. */
  readonly printed: string;
  /** Where it jumps, when that is a chain of ours. */
  readonly jumpsTo?: string;
  /** What nft calls it, where iptables cannot look for it: a delete by value stops at the first native rule. */
  readonly handle?: number;
  readonly packets: number;
  readonly bytes: number;
}

interface ForeignRule {
  readonly kind: 'foreign';
  /** Where it sends every packet, as far as iptables can tell. */
  readonly bare?: string;
}

export type Observation =
  | { readonly kind: 'observed'; readonly observed: Observed; readonly noise: readonly string[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Reads one listing. A line that cannot be a rule is noise and is handed back; a listing without a policy for INPUT,
 * or whichever chain the table begins with, is not trusted at all: iptables prints one even for an empty table.
 */
export function observe(
  listing: string,
  { family, prefix, first = 'INPUT' }: { family: Family; prefix: string; first?: string },
): Observation {
  const chains = new Map<string, ObservedRule[]>();
  const noise: string[] = [];
  for (const line of listing.split('\n')) {
    if (line === '') continue;
    const [verb, chain, ...rest] = splitWords(line);
    if (chain === undefined || (verb !== '-P' && verb !== '-N' && verb !== '-A')) {
      if (!line.startsWith('#')) noise.push(line);
    } else if (verb === '-A') {
      const rules = chains.get(chain);
      if (rules === undefined)
        return { kind: 'unreadable', reason: `a rule of a chain not listed: "${line}"` };
      rules.push(readRule(rest, { family, prefix, chain }));
    } else {
      chains.set(chain, []);
    }
  }
  if (!chains.has(first)) return { kind: 'unreadable', reason: `the listing has no policy for ${first}` };
  return { kind: 'observed', observed: { family, chains, sets: new Map() }, noise };
}

const FOREIGN: ForeignRule = { kind: 'foreign' };

interface ReadRuleOptions {
  readonly family: Family;
  readonly prefix: string;
  readonly chain: string;
}

function readRule(words: readonly string[], { family, prefix, chain }: ReadRuleOptions): ObservedRule {
  const { plain, packets, bytes } = takeCounters(words);
  const target = jumpTarget(plain);
  const jumpsTo = target !== undefined && isOurs(target, prefix) ? target : undefined;
  if (jumpsTo === undefined && !isOurs(chain, prefix)) {
    const bare = bareTarget(plain);
    return bare === undefined ? FOREIGN : { ...FOREIGN, bare };
  }
  const rule = parseRule(plain, family);
  const printed = joinWords(plain);
  if (rule !== undefined && jumpsTo === undefined) {
    // Most are bans: one text serves for both.
    return { kind: 'ours', rule, printed: printed === rule.text ? rule.text : printed, packets, bytes };
  }
  return {
    ...{ kind: 'ours', rule, printed, packets, bytes },
    ...(rule === undefined && { strange: readStrangeRule(plain) }),
    ...(jumpsTo !== undefined && { jumpsTo }),
  };
}
