/** What a rule in a chain of ours does, whoever wrote it: scripts log, comment, and name ports and interfaces. */
import { setInRule } from '../netfilter/rule.ts';
import { parseNet, type Net } from '../net/net.ts';
import { netsOfRange } from '../net/range.ts';
import { splitWords, type Observed, type ObservedRule, type OurRule } from './observe.ts';

export type BanRule =
  /** One source that ends in a drop; an interface and a state NEW are left out, which drops a little more. */
  | { readonly kind: 'ban'; readonly sources: readonly Net[]; readonly traffic: Traffic }
  /** Somebody is let by. */
  | { readonly kind: 'pass'; readonly source: Net }
  /** Packets are dropped by what is no address, or by more than that: now and then, or for one destination. */
  | { readonly kind: 'other-drop' }
  | { readonly kind: 'none' };

/** As the rule says it. */
export interface Traffic {
  readonly protocol?: string;
  readonly ports?: string;
}

/** Reads one. */
export function readBanRule(rule: OurRule, observed: Observed): BanRule {
  const { source, range, target, traffic, isPlain } = readWords(splitWords(rule.printed));
  if (target === undefined) return { kind: 'none' };
  const named = source === undefined ? undefined : parseNet(source);
  if (!endsInDrop(target, observed)) {
    const isPass = target === 'ACCEPT' || target === 'RETURN';
    return isPass && named !== undefined ? { kind: 'pass', source: named } : { kind: 'none' };
  }
  const sources = named !== undefined ? [named] : netsOfRange(range ?? '');
  if (sources.length > 0) return isPlain ? { kind: 'ban', sources, traffic } : { kind: 'other-drop' };
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
  /** It asks for nothing beyond what is read here. */
  isPlain: boolean;
}

/** What is negated says nothing of whom it is about. */
function readWords(words: readonly string[]): Words {
  const found: Words = { traffic: {}, isPlain: true };
  let isNegated = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '!') {
      isNegated = true;
      continue;
    }
    const value = words[at + 1] ?? '';
    // What `-m string` looks for may be `-j`.
    if ((word === '-j' || word === '-g') && !value.startsWith('-')) return { ...found, target: value };
    if (isNegated ? word === '-i' || word === '-o' : readMatch(found, word, value)) at += 1;
    // Of others it is not known how many values they take.
    else found.isPlain = false;
    isNegated = false;
  }
  return found;
}

/** False for what narrows the rule in a way that no ban can say. */
function readMatch(found: Words, word: string, value: string): boolean {
  switch (word) {
    case '-s':
      found.source = value;
      return true;
    case '--src-range':
      found.range = value;
      return true;
    case '-p':
      found.traffic.protocol = value;
      return true;
    case '--dport':
    case '--dports':
      found.traffic.ports = value;
      return true;
    case '--ctstate':
    case '--state':
      return value === 'NEW';
    // A match that narrows anything shows by its options, or has none.
    case '-m':
      return !BARE_MATCHES.has(value);
    case '-i':
    case '-o':
    case '--comment':
      return true;
    default:
      return false;
  }
}

/** Match something without an option. */
const BARE_MATCHES = new Set(['socket', 'eui64', 'rpfilter', 'ah', 'esp', 'frag', 'rt', 'dst', 'hbh']);

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
