/**
 * Turns the text of `iptables -S -v` (filter table, one family) into what is there. Ours are known by their
 * chain. Foreign rules are only counted, so that their place is known: their text is never written back, because
 * iptables-nft prints what it does not understand without its matches.
 */
import { canonicalRule } from '../netfilter/rule.ts';
import { isOurs } from '../netfilter/chain.ts';
import type { Family } from '../net/net.ts';
import type { ObservedSet } from './observe-sets.ts';

export interface Observed {
  readonly family: Family;
  /** Every chain of the table, built-in and user-defined, with its rules in order. */
  readonly chains: ReadonlyMap<string, readonly ObservedRule[]>;
  /** Sets of ours, by name; none until they were looked at. */
  readonly sets: ReadonlyMap<string, ObservedSet>;
}

export type ObservedRule = OurRule | ForeignRule;

export interface OurRule {
  readonly kind: 'ours';
  /** In our own form where it can be told; else as printed. */
  readonly text: string;
  /** As printed, without counters: what a delete by value must say. */
  readonly printed: string;
  /** None of our own forms: iptables-nft does not always find a rule by what it printed of it (`-m recent`). */
  readonly isStrange?: true;
  /** Where it jumps, when that is a chain of ours. */
  readonly jumpsTo?: string;
  /** What nft calls it, where iptables cannot look for it: a delete by value stops at the first native rule. */
  readonly handle?: number;
  readonly packets: number;
  readonly bytes: number;
}

export interface ForeignRule {
  readonly kind: 'foreign';
  /** Where it sends every packet, as far as iptables can tell. */
  readonly bare?: string;
}

export type Observation =
  | { readonly kind: 'observed'; readonly observed: Observed; readonly noise: readonly string[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Reads one listing. A line that cannot be a rule is noise and is handed back; a listing without a policy for
 * INPUT is not trusted at all, since iptables prints one even for an empty table.
 */
export function observe(
  listing: string,
  { family, prefix }: { family: Family; prefix: string },
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
  if (!chains.has('INPUT')) return { kind: 'unreadable', reason: 'the listing holds no policy for INPUT' };
  return { kind: 'observed', observed: { family, chains, sets: new Map() }, noise };
}

const FOREIGN: ForeignRule = { kind: 'foreign' };

interface Place {
  readonly family: Family;
  readonly prefix: string;
  readonly chain: string;
}

function readRule(words: readonly string[], { family, prefix, chain }: Place): ObservedRule {
  const { plain, packets, bytes } = takeCounters(words);
  const target = jumpTarget(plain);
  const jumpsTo = target !== undefined && isOurs(target, prefix) ? target : undefined;
  if (jumpsTo === undefined && !isOurs(chain, prefix))
    return plain.length >= 2 && (plain[0] === '-j' || plain[0] === '-g')
      ? { ...FOREIGN, bare: plain[1] ?? '' }
      : FOREIGN;

  const printed = plain.map(quoteWord).join(' ');
  const canonical = canonicalRule(plain, family);
  return {
    ...{ kind: 'ours', text: canonical ?? printed, printed, packets, bytes },
    ...(canonical === undefined && { isStrange: true }),
    ...(jumpsTo !== undefined && { jumpsTo }),
  };
}

/** Takes `-c PACKETS BYTES` out: `-v` puts it right ahead of the target, or at the end where there is none. */
function takeCounters(words: readonly string[]): {
  plain: readonly string[];
  packets: number;
  bytes: number;
} {
  const at = words.findIndex(
    (word, index) =>
      word === '-c' && [undefined, '-j', '-g'].includes(words[index + 3]) && index + 2 < words.length,
  );
  if (at < 0) return { plain: words, packets: 0, bytes: 0 };
  return {
    plain: [...words.slice(0, at), ...words.slice(at + 3)],
    packets: Number(words[at + 1]),
    bytes: Number(words[at + 2]),
  };
}

/** A jump to a chain ends its rule: only targets that are no chains have options. A comment may say `-j`. */
function jumpTarget(words: readonly string[]): string | undefined {
  return words.at(-2) === '-j' || words.at(-2) === '-g' ? words.at(-1) : undefined;
}

/** Splits as a shell would: iptables quotes comments and log prefixes, and escapes quotes in them. */
export function splitWords(line: string): string[] {
  if (!line.includes('"')) return line.trim().split(/\s+/);
  const words = line.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
  return words.map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word));
}

function quoteWord(word: string): string {
  return /^[A-Za-z0-9_.,:/!+~@%^=-]+$/.test(word) ? word : `"${word.replace(/["\\']/g, '\\$&')}"`;
}
