/**
 * What a rule says that is none of our forms, as far as it can be told: scripts log, comment, and name ports and
 * interfaces.
 */
import type { Rule } from './rule.ts';
import { bareTarget } from './rule-words.ts';

/** As the rule says it; what is negated says nothing of whom it is about. */
export interface StrangeRule {
  readonly source?: string;
  /** Of addresses. */
  readonly range?: string;
  readonly protocol?: string;
  readonly ports?: string;
  /** A set that it looks into. */
  readonly set?: string;
  readonly target?: string;
  /** Where it sends every packet. */
  readonly bare?: string;
  /** It asks for nothing beyond source, range, protocol and ports, but for an interface and a state NEW. */
  readonly isPlain: boolean;
}

/** Reads its words. */
export function readStrangeRule(words: readonly string[]): StrangeRule {
  const found: { -readonly [Key in keyof StrangeRule]: StrangeRule[Key] } = { isPlain: true };
  const bare = bareTarget(words);
  if (bare !== undefined) found.bare = bare;
  const set = words[words.indexOf('--match-set') + 1];
  if (words.includes('--match-set') && set !== undefined) found.set = set;
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

/** The set that a printed rule looks into, whether it is one of our own forms or not. */
export function setLookedInto({
  rule,
  strange,
}: {
  readonly rule: Rule | undefined;
  readonly strange?: StrangeRule;
}): string | undefined {
  return rule?.match === 'set' ? rule.set : strange?.set;
}

/** False for what narrows the rule in a way that no ban can say. */
function readMatch(
  found: { -readonly [Key in keyof StrangeRule]: StrangeRule[Key] },
  word: string,
  value: string,
): boolean {
  switch (word) {
    case '-s':
      found.source = value;
      return true;
    case '--src-range':
      found.range = value;
      return true;
    case '-p':
      found.protocol = value;
      return true;
    case '--dport':
    case '--dports':
      found.ports = value;
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
