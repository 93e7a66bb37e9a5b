/** What rules and sets of ours dropped, by their counters. */
import { DENY_JAIL } from '../../../domain/names.ts';
import { EVERYBODY, type Family } from '../../../domain/net.ts';
import { chainOf, denyChain, earlyChain } from '../../chain.ts';
import { chainOfSet } from '../rules/set.ts';
import type { Drops, JailDrops, NetDrops } from '../../drops.ts';
import { isVerdict, type Rule } from '../rules/rule.ts';
import { setLookedInto } from '../rules/strange-rule.ts';
import type { RulesetMeans } from '../wanted/ruleset.ts';
import { memberCounts } from './member-counts.ts';
import { rawChains, type Observed, type ObservedRule, type OurRule } from './observe.ts';

/** What tells the chains of jails. */
interface Jails {
  readonly desired: { readonly jails: ReadonlyMap<string, unknown> };
  readonly means: Pick<RulesetMeans, 'prefix'>;
}

/** Of each net that dropped something. */
export function* netDrops(jails: Jails, { family, chains, sets }: Observed): Generator<NetDrops> {
  for (const { jail, chain } of chainsOf(jails)) {
    const where = { family, jail, chain };
    for (const { rule, packets, bytes } of verdictsOf(chains.get(chain))) {
      const ip = netOf(rule, family);
      if (ip !== undefined && packets > 0) yield { ip, ...where, packets, bytes };
      // Members that were counted in rules before may be ahead of the rule.
      const set = rule.match === 'set' ? sets.get(rule.set) : undefined;
      if (set === undefined) continue;
      for (const { text, ...drops } of memberCounts(set)) yield { ip: text, ...where, ...drops };
    }
  }
}

/** Chains that drop what a set holds that does not count by member: of that the rule tells the sum alone. */
export function uncountedChains(jails: Jails, { chains, sets }: Observed): readonly string[] {
  const isUncounted = (rule: ObservedRule): boolean => {
    const set = rule.kind === 'ours' ? setLookedInto(rule) : undefined;
    return set !== undefined && sets.get(set)?.isCounted !== true;
  };
  return Array.from(chainsOf(jails), ({ chain }) => chain).filter((chain) =>
    chains.get(chain)?.some(isUncounted),
  );
}

/**
 * Of each jail that has a chain, since `before`; nothing where that is not known. A rule that counts less than it did
 * was made anew meanwhile, so all that it counts is new; what one counted that is gone since is not known.
 */
export function droppedSince(
  before: Observed | undefined,
  jails: Jails,
  observed: Observed,
): readonly JailDrops[] {
  const { family, chains } = observed;
  // Nothing was read since.
  if (chains === before?.chains) return [];
  const [early, earlyBefore] = [earlyRules(observed, jails), earlyRules(before, jails)];
  return Array.from(chainsOf(jails)).flatMap(({ jail, chain }) => {
    const rules = chains.get(chain);
    if (rules === undefined) return [];
    if (before === undefined) return [{ jail, family, ...NOTHING }];
    const inFilter = sinceThen(rules, before.chains.get(chain));
    const inRaw = sinceThen(early.get(chain) ?? [], earlyBefore.get(chain));
    return [{ jail, family, packets: inFilter.packets + inRaw.packets, bytes: inFilter.bytes + inRaw.bytes }];
  });
}

/** The rules of raw by the chain whose set they look into. */
function earlyRules(observed: Observed | undefined, { means }: Jails): ReadonlyMap<string, ObservedRule[]> {
  const byChain = new Map<string, ObservedRule[]>();
  const rules = observed === undefined ? undefined : rawChains(observed).get(earlyChain(means.prefix));
  for (const each of rules ?? []) {
    if (each.kind !== 'ours' || each.rule?.match !== 'set') continue;
    const chain = chainOfSet(each.rule.set);
    byChain.set(chain, [...(byChain.get(chain) ?? []), each]);
  }
  return byChain;
}

const NOTHING: Drops = { packets: 0, bytes: 0 };

function* chainsOf({ desired, means }: Jails): Generator<{ readonly jail: string; readonly chain: string }> {
  for (const jail of desired.jails.keys()) yield { jail, chain: chainOf(jail, means.prefix) };
  yield { jail: DENY_JAIL, chain: denyChain(means.prefix) };
}

function sinceThen(rules: readonly ObservedRule[], before: readonly ObservedRule[] = []): Drops {
  // Rules that took the place of a set count on from its members, and all of that was counted by the rule into it.
  const countOn = intoSets(before) && !intoSets(rules);
  const counting = ({ packets }: VerdictRule): boolean => packets > 0;
  const known = new Map(
    verdictsOf(before)
      .filter(counting)
      .map((each) => [each.rule.text, each]),
  );
  let [packets, bytes] = [0, 0];
  for (const now of verdictsOf(rules).filter(counting)) {
    const then = known.get(now.rule.text);
    if (then === undefined && countOn) continue;
    const goesOn = then !== undefined && then.packets <= now.packets;
    packets += now.packets - (goesOn ? then.packets : 0);
    bytes += now.bytes - (goesOn ? then.bytes : 0);
  }
  return { packets, bytes };
}

function intoSets(rules: readonly ObservedRule[]): boolean {
  return rules.some((each) => each.kind === 'ours' && each.rule?.match === 'set');
}

type VerdictRule = OurRule & { readonly rule: Rule };

function verdictsOf(rules: readonly ObservedRule[] = []): readonly VerdictRule[] {
  return rules.filter((each): each is VerdictRule => {
    return each.kind === 'ours' && each.rule !== undefined && isVerdict(each.rule);
  });
}

/** Whose packets it drops, where that is one net; no rule names everybody. */
function netOf(rule: Rule, family: Family): string | undefined {
  if (rule.match === 'source') return rule.source;
  return rule.match === 'all' ? EVERYBODY[family] : undefined;
}
