/** What rules and sets of ours dropped, by their counters. */
import { DENY_JAIL } from '../../../domain/names.ts';
import { EVERYBODY, type Family } from '../../../domain/net.ts';
import { chainOf, denyChain } from '../../chain.ts';
import type { Drops, JailDrops, NetDrops } from '../../drops.ts';
import { isVerdict, type Rule } from '../rules/rule.ts';
import { setLookedInto } from '../rules/strange-rule.ts';
import type { RulesetMeans } from '../wanted/ruleset.ts';
import type { Observed, ObservedRule, OurRule } from './observe.ts';

/** What tells the chains of jails. */
interface Jails {
  readonly desired: { readonly jails: ReadonlyMap<string, unknown> };
  readonly means: Pick<RulesetMeans, 'prefix'>;
}

/** Of each net that dropped something. */
export function* netDrops(jails: Jails, { family, chains }: Observed): Generator<NetDrops> {
  for (const { jail, chain } of chainsOf(jails)) {
    for (const { rule, packets, bytes } of droppingRules(chains.get(chain))) {
      const ip = netOf(rule, family);
      if (ip !== undefined) yield { ip, family, jail, chain, packets, bytes };
    }
  }
}

/** Chains that drop what a set holds: of that the rule tells the sum alone. */
export function uncountedChains(jails: Jails, { chains }: Observed): readonly string[] {
  return Array.from(chainsOf(jails), ({ chain }) => chain).filter((chain) =>
    chains.get(chain)?.some((each) => each.kind === 'ours' && setLookedInto(each) !== undefined),
  );
}

/**
 * Of each jail that has a chain, since `before`; nothing where that is not known. A rule that counts less than it did
 * was made anew meanwhile, so all that it counts is new; what one counted that is gone since is not known.
 */
export function droppedSince(
  before: Observed | undefined,
  jails: Jails,
  { family, chains }: Observed,
): readonly JailDrops[] {
  // Nothing was read since.
  if (chains === before?.chains) return [];
  return Array.from(chainsOf(jails)).flatMap(({ jail, chain }) => {
    const rules = chains.get(chain);
    if (rules === undefined) return [];
    const drops = before === undefined ? NOTHING : sinceThen(rules, before.chains.get(chain));
    return [{ jail, family, ...drops }];
  });
}

const NOTHING: Drops = { packets: 0, bytes: 0 };

function* chainsOf({ desired, means }: Jails): Generator<{ readonly jail: string; readonly chain: string }> {
  for (const jail of desired.jails.keys()) yield { jail, chain: chainOf(jail, means.prefix) };
  yield { jail: DENY_JAIL, chain: denyChain(means.prefix) };
}

function sinceThen(rules: readonly ObservedRule[], before: readonly ObservedRule[] | undefined): Drops {
  const known = new Map(droppingRules(before).map((each) => [each.rule.text, each]));
  let [packets, bytes] = [0, 0];
  for (const now of droppingRules(rules)) {
    const then = known.get(now.rule.text);
    const goesOn = then !== undefined && then.packets <= now.packets;
    packets += now.packets - (goesOn ? then.packets : 0);
    bytes += now.bytes - (goesOn ? then.bytes : 0);
  }
  return { packets, bytes };
}

type DroppingRule = OurRule & { readonly rule: Rule };

/** Those that dropped something. */
function droppingRules(rules: readonly ObservedRule[] = []): readonly DroppingRule[] {
  return rules.filter((each): each is DroppingRule => {
    return each.kind === 'ours' && each.packets > 0 && each.rule !== undefined && isVerdict(each.rule);
  });
}

/** Whose packets it drops, where that is one net; no rule names everybody. */
function netOf(rule: Rule, family: Family): string | undefined {
  if (rule.match === 'source') return rule.source;
  return rule.match === 'all' ? EVERYBODY[family] : undefined;
}
