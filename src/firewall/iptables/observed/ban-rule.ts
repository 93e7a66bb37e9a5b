/** What a rule in a chain of ours does, whoever wrote it: scripts log, comment, and name ports and interfaces. */
import { setLookedInto, type StrangeRule } from '../rules/strange-rule.ts';
import { parseNet, type Net } from '../../../domain/net.ts';
import { netsOfRange } from '../../../domain/range.ts';
import type { Observed, ObservedRule, OurRule } from './observe.ts';

type BanRule =
  /** One source that ends in a drop; an interface and a state NEW are left out, which drops a little more. */
  | { readonly kind: 'ban'; readonly sources: readonly Net[]; readonly traffic: RuleTraffic }
  /** Somebody is let by. */
  | { readonly kind: 'pass'; readonly source: Net }
  /** Packets are dropped by what is no address, or by more than that: now and then, or for one destination. */
  | { readonly kind: 'other-drop' }
  | { readonly kind: 'none' };

/** As the rule says it. */
export interface RuleTraffic {
  readonly protocol: string | undefined;
  readonly ports: string | undefined;
}

/** Reads one. */
export function readBanRule(rule: OurRule, observed: Observed): BanRule {
  const { source, range, target, protocol, ports, isPlain } = wordsOf(rule);
  if (target === undefined) return { kind: 'none' };
  const named = source === undefined ? undefined : parseNet(source);
  if (!endsInDrop(target, observed)) {
    const isPass = target === 'ACCEPT' || target === 'RETURN';
    return isPass && named !== undefined ? { kind: 'pass', source: named } : { kind: 'none' };
  }
  const sources = named !== undefined ? [named] : netsOfRange(range ?? '');
  if (sources.length > 0)
    return isPlain ? { kind: 'ban', sources, traffic: { protocol, ports } } : { kind: 'other-drop' };
  // What is in our own sets is adopted as such.
  const set = setLookedInto(rule);
  const isListed = set !== undefined && observed.sets.get(set)?.content.kind === 'listed';
  return { kind: isListed ? 'none' : 'other-drop' };
}

/** One of our own forms says these too. */
function wordsOf({ rule, strange = { isPlain: false } }: OurRule): StrangeRule {
  if (rule === undefined) return strange;
  const target = rule.to;
  return rule.match === 'source' ? { source: rule.source, target, isPlain: true } : { target, isPlain: true };
}

/** As deep as anybody nests chains that log. */
const MAX_DEPTH = 8;

/** True for what lets no packet by that comes to its end. */
function endsInDrop(target: string, observed: Observed, depth = 0): boolean {
  if (target === 'DROP' || target === 'REJECT') return true;
  const last = observed.chains.get(target)?.at(-1);
  const next = last === undefined ? undefined : bareTarget(last);
  return next !== undefined && depth < MAX_DEPTH && endsInDrop(next, observed, depth + 1);
}

function bareTarget(observed: ObservedRule): string | undefined {
  if (observed.kind === 'foreign') return observed.bare;
  const { rule, strange } = observed;
  if (rule === undefined) return strange?.bare;
  return rule.match === 'all' ? rule.to : undefined;
}
