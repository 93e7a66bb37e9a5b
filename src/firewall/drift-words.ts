/**
 * What somebody else did to our rules, in one line: who first, then what, however many rules it was. It is told of the
 * changes that put things back, so each is read in reverse: a chain that is created again had been deleted.
 */
import type { Change } from './change.ts';
import { changeWords } from './change-words.ts';
import { countText } from '../domain/words.ts';

export interface Drift {
  readonly family: 'ipv4' | 'ipv6';
  /** What put back what was there. */
  readonly changes: readonly Change[];
  /** Chains of ours that stood without a rule. */
  readonly emptied: ReadonlySet<string>;
  /** `iptables (pid 4711)`; none where nobody tells. */
  readonly culprits: readonly string[];
  /** From the news to the repair, in milliseconds; undefined where there was no news. */
  readonly took: number | undefined;
}

/** Beyond them a count tells. */
const MAX_PARTS = 4;
const MAX_CULPRITS = 3;

/** `drift: iptables (pid 11227) emptied fail2ban-sshd (114 rules); restored in 33 ms`. */
export function driftText({ family, changes, emptied, culprits, took }: Drift): string {
  const who = culprits.length === 0 ? 'another program' : culprits.slice(0, MAX_CULPRITS).join(', ');
  const parts = partsOf(changes, emptied);
  const shown = parts.length > MAX_PARTS ? parts.slice(0, MAX_PARTS - 1) : parts;
  const more = parts.length - shown.length;
  const all = more > 0 ? [...shown, countText(more, 'more change')] : shown;
  const what = all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}` : (all[0] ?? '');
  const back = took === undefined ? 'restored' : `restored in ${Math.max(1, Math.round(took))} ms`;
  return `drift: ${who} ${what}${family === 'ipv6' ? ' (ipv6)' : ''}; ${back}`;
}

function partsOf(changes: readonly Change[], emptied: ReadonlySet<string>): readonly string[] {
  const taken = rulesByChain(changes, takenRules);
  const put = rulesByChain(changes, putRules);
  return [
    ...changes.flatMap(wholeText),
    ...Array.from(taken, ([chain, rules]) =>
      emptied.has(chain)
        ? `emptied ${chain} (${countText(rules.length, 'rule')})`
        : `removed ${rulesText(rules)} from ${chain}`,
    ),
    ...Array.from(put, ([chain, rules]) => `added ${rulesText(rules)} to ${chain}`),
  ];
}

/** Of what a pass adds, the other program had removed it; and the other way round. */
function undoneWords(words: string): string {
  return words.replaceAll(/\b(?:added|removed)\b/g, (word) => (word === 'added' ? 'removed' : 'added'));
}

/** What was done to a whole chain or set; nothing of a change of single rules. */
function wholeText(change: Change): readonly string[] {
  switch (change.kind) {
    case 'create':
      return [`deleted ${change.chain} (${countText(change.rules.length, 'rule')})`];
    case 'remove':
      return [`created ${change.chain}`];
    case 'make-set':
      return [`destroyed set ${change.set.name} (${countText(change.set.members.length, 'member')})`];
    case 'destroy-set':
      return [`created set ${change.set}`];
    case 'change-set':
      return [`changed set ${change.set} (${undoneWords(changeWords(change).replace(/^.*?: /, ''))})`];
    case 'rewrite':
    case 'insert':
    case 'delete':
    case 'delete-handle':
      return [];
  }
}

/** Rules that the change puts back: somebody took them. */
function takenRules(change: Change): readonly string[] {
  if (change.kind === 'insert') return [change.rule.text];
  return change.kind === 'rewrite' ? change.difference.added.map(({ text }) => text) : [];
}

/** Rules that the change takes out: somebody put them there. */
function putRules(change: Change): readonly string[] {
  if (change.kind === 'delete' || change.kind === 'delete-handle') return [change.printed];
  return change.kind === 'rewrite' ? change.difference.removed : [];
}

function rulesByChain(
  changes: readonly Change[],
  rulesOf: (change: Change) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const byChain = new Map<string, string[]>();
  for (const change of changes) {
    const rules = rulesOf(change);
    if (rules.length === 0 || !('chain' in change)) continue;
    const known = byChain.get(change.chain);
    if (known === undefined) byChain.set(change.chain, [...rules]);
    // One by one: as arguments of one call, over a hundred thousand overflow the stack.
    else for (const rule of rules) known.push(rule);
  }
  return byChain;
}

function rulesText(rules: readonly string[]): string {
  return rules.length === 1 ? `"${rules[0] ?? ''}"` : countText(rules.length, 'rule');
}

/** What a line of {@link driftText} says, as far as it holds it. */
interface DriftTold {
  readonly family: 'ipv4' | 'ipv6';
  readonly culprits: readonly string[];
  /** Milliseconds; undefined where the line has none. */
  readonly took: number | undefined;
  /** Undefined where the line has them in no form of ours. */
  readonly changes: readonly DriftChange[] | undefined;
  /** Changes that the line only counts. */
  readonly more: number;
}

/** What the other program did. */
interface DriftChange {
  readonly did: 'emptied' | 'deleted' | 'created' | 'removed' | 'added' | 'destroyed' | 'changed';
  /** A chain, or a set where `isSet`. */
  readonly name: string;
  readonly isSet: boolean;
  /** Rules, or members; undefined where the line does not count them. */
  readonly count: number | undefined;
  /** The rule, where it was one. */
  readonly rule: string | undefined;
}

/** `iptables`, of `iptables (pid 4711)`: process ids differ each time. */
export function programOf(culprit: string): string {
  return culprit.replace(/ \(pid \d+\)$/, '');
}

/** Reads a line of the log, or of a commit; undefined for one that is none of {@link driftText}. */
export function readDriftText(line: string): DriftTold | undefined {
  const { groups } = DRIFT_LINE.exec(line) ?? {};
  if (groups === undefined) return undefined;
  const { who = '', what = '', ipv6, took } = groups;
  const parts = readParts(what);
  return {
    family: ipv6 === undefined ? 'ipv4' : 'ipv6',
    culprits: who === 'another program' ? [] : who.split(/(?<=\(pid \d+\)), /),
    took: took === undefined ? undefined : Number(took),
    changes: parts?.flatMap((part) => (typeof part === 'number' ? [] : [part])),
    more: parts?.reduce<number>((sum, part) => (typeof part === 'number' ? sum + part : sum), 0) ?? 0,
  };
}

const DRIFT_LINE =
  /^drift: (?<who>another program|.+? \(pid \d+\)(?:, .+? \(pid \d+\)){0,2}) (?<what>(?:emptied|deleted|created|destroyed|changed|removed|added|[\d,]+) .*?)(?<ipv6> \(ipv6\))?; restored(?: in (?<took>\d+) ms)?$/;

/** One of those that {@link partsOf} and {@link wholeText} write, and what joins it with the next. */
const PART = new RegExp(
  [
    String.raw`(?:(?<did>emptied|deleted|created|destroyed|changed) (?<set>set )?(?<name>\S+?)(?: \((?:(?<count>[\d,]+) (?:rule|member)s?|[^()]*(?:\([^()]*\)[^()]*)*)\))?`,
    String.raw`(?<moved>removed|added) (?:"(?<rule>.*?)"|(?<rules>[\d,]+) rules) (?:from|to) (?<chain>\S+?)`,
    String.raw`(?<more>[\d,]+) more changes?)(?:, | and |$)`,
  ].join('|'),
  'y',
);

/** A number for those that are only counted. */
function readParts(text: string): readonly (DriftChange | number)[] | undefined {
  const parts: (DriftChange | number)[] = [];
  for (PART.lastIndex = 0; PART.lastIndex < text.length;) {
    const { groups } = PART.exec(text) ?? {};
    if (groups === undefined) return undefined;
    const { did = groups['moved'], set, name = groups['chain'] ?? '', count, rule, rules, more } = groups;
    if (more !== undefined) parts.push(numberOf(more));
    else {
      const counted = rule === undefined ? (count ?? rules) : '1';
      parts.push({
        ...{ did: did as DriftChange['did'], name, isSet: set !== undefined, rule },
        count: counted === undefined ? undefined : numberOf(counted),
      });
    }
  }
  return parts;
}

function numberOf(text: string): number {
  return Number(text.replaceAll(',', ''));
}
