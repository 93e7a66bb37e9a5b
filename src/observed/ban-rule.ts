/** What a rule in a chain of ours does, whoever wrote it: scripts log, comment, and name ports and interfaces. */
import { setInRule } from '../netfilter/rule.ts';
import { parseNet, type Net } from '../net/net.ts';
import { netsOfRange } from '../net/range.ts';
import { splitWords, type Observed, type ObservedRule, type OurRule } from './observe.ts';

export type BanRule =
  /** One source that ends in a drop; what else the rule asks for, but for ports, is left out: that drops a little more. */
  | { readonly kind: 'ban'; readonly sources: readonly Net[]; readonly traffic: Traffic }
  /** Somebody is let by. */
  | { readonly kind: 'pass'; readonly source: Net }
  /** Packets are dropped by what is no address. */
  | { readonly kind: 'other-drop' }
  | { readonly kind: 'none' };

/** As the rule says it. */
export interface Traffic {
  readonly protocol?: string;
  readonly ports?: string;
}

/** Reads one. */
export function readBanRule(rule: OurRule, observed: Observed): BanRule {
  const { source, range, target, traffic } = readWords(splitWords(rule.printed));
  if (target === undefined) return { kind: 'none' };
  const named = source === undefined ? undefined : parseNet(source);
  if (!endsInDrop(target, observed)) {
    const isPass = target === 'ACCEPT' || target === 'RETURN';
    return isPass && named !== undefined ? { kind: 'pass', source: named } : { kind: 'none' };
  }
  const sources = named !== undefined ? [named] : netsOfRange(range ?? '');
  if (sources.length > 0) return { kind: 'ban', sources, traffic };
  // What is in our own sets is adopted as such.
  const set = setInRule(rule.text);
  const isListed = set !== undefined && observed.sets.get(set)?.content.kind === 'listed';
  return { kind: isListed ? 'none' : 'other-drop' };
}

interface Words {
  source?: string;
  range?: string;
  target?: string;
  readonly traffic: { protocol?: string; ports?: string };
}

/** What is negated says nothing of whom it is about. */
function readWords(words: readonly string[]): Words {
  const found: Words = { traffic: {} };
  let isNegated = false;
  for (let at = 0; at < words.length; at += 1) {
    const value = words[at + 1] ?? '';
    const word = words[at];
    if (word === '!') {
      isNegated = true;
      continue;
    }
    if (word === '-j' || word === '-g') return { ...found, target: value };
    if (word === '--comment') at += 1;
    else if (!isNegated) {
      if (word === '-s') found.source = value;
      else if (word === '--src-range') found.range = value;
      else if (word === '-p') found.traffic.protocol = value;
      else if (word === '--dport' || word === '--dports') found.traffic.ports = value;
    }
    isNegated = false;
  }
  return found;
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

function bareTarget(rule: ObservedRule): string | undefined {
  return rule.kind === 'foreign' ? rule.bare : /^-[jg] (\S+)/.exec(rule.text)?.[1];
}
