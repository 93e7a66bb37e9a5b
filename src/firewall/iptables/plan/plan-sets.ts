/** What is to be done to the sets of one family, ahead of the rules that look into them and after those that did. */
import { countMembers } from '../../../desired/members.ts';
import { isDraftSet, SET_FAMILY } from '../rules/set.ts';
import type { Family } from '../../../domain/net.ts';
import type { Observed } from '../observed/observe.ts';
import type { ObservedSet } from '../observed/observe-sets.ts';
import { diffPlain } from './diff-plain.ts';
import { PlainMembers } from './members/plain-members.ts';
import type { NewSet, RuleChange, SetChange } from './change.ts';
import { countsOfRules, countsOfSet, countsOfSets, type Counts } from './counts-before.ts';
import { diffListed } from './diff-listed.ts';
import { diffMembers, type MemberDiff } from './diff-members.ts';
import { isHeld, rulesInto } from './spare-sets.ts';
import { TimedMembers } from './members/timed-members.ts';
import type { Ruleset } from '../wanted/ruleset.ts';
import type { WantedSet } from '../wanted/wanted-chain.ts';

interface SetPlan {
  /** Ahead of the rules. */
  readonly before: readonly SetChange[];
  /** Once no rule of ours looks into them any more. */
  readonly after: readonly SetChange[];
  /** Rules of ours that have to go before a set can be made; the rest is planned when they are gone. */
  readonly blocked: readonly RuleChange[];
  /** The sets that they look into. */
  readonly blockedSets: readonly string[];
  /** Stale ones that a rule of somebody else's looks into: the kernel would not let them go. */
  readonly held: readonly string[];
}

/** Plans the sets. */
export function planSets(ruleset: Ruleset, observed: Observed, now: number): SetPlan {
  const before: SetChange[] = [];
  const after: SetChange[] = [];
  const blocked: RuleChange[] = [];
  const blockedSets: string[] = [];
  const held: string[] = [];
  const wanted = new Map(
    Array.from(ruleset.chains).flatMap(([chain, { set }]) =>
      set === undefined ? [] : [[set.name, { ...set, chain }]],
    ),
  );
  for (const set of observed.sets.values()) {
    if (wanted.has(set.name)) continue;
    if (isHeld(set, observed)) held.push(set.name);
    // A draft stands in the way of the next one; nothing of ours looks into it.
    else (isDraftSet(set.name) ? before : after).push({ kind: 'destroy-set', set: set.name });
  }
  for (const set of wanted.values()) {
    const present = observed.sets.get(set.name);
    if (present?.make === 'alien') {
      const inTheWay = rulesInto(set.name, observed);
      for (const rule of inTheWay) blocked.push({ kind: 'delete', ...rule });
      if (inTheWay.length > 0) blockedSets.push(set.name);
      before.push({ kind: 'destroy-set', set: set.name });
    }
    before.push(...changeSet(set, present, { family: ruleset.family, now, observed }));
  }
  return { before, after, blocked, blockedSets, held };
}

interface Circumstances {
  readonly family: Family;
  readonly now: number;
  readonly observed: Observed;
}

interface SetOfChain extends WantedSet {
  readonly chain: string;
}

function changeSet(
  wanted: SetOfChain,
  present: ObservedSet | undefined,
  circumstances: Circumstances,
): readonly SetChange[] {
  const count = countMembers(wanted.members);
  if (present === undefined || present.make === 'alien') {
    const making = { instead: false, ...countsInChain(wanted.chain, circumstances.observed) };
    return [makeSet(wanted, making, circumstances)];
  }
  const diff = diffContent(wanted, present, circumstances);
  const isTight =
    count > present.capacity * FULL_SHARE || count + (diff?.removed.length ?? 0) > present.capacity;
  if (diff === undefined || present.make === 'foreign-made' || isTight) {
    const making: Making = { instead: true, counts: countsOfSet(present.name, circumstances.observed) };
    return [makeSet(wanted, { ...making, ...(present.isCounted && { countsOn: 'sets' }) }, circumstances)];
  }
  if ([diff.added, diff.removed, diff.refreshed].every(({ length }) => length === 0)) return [];
  const { capacity, isCounted } = present;
  const standing = { family: SET_FAMILY[circumstances.family], capacity, isCounted };
  return [
    { kind: 'change-set', set: wanted.name, ...diff, ...(wanted.isPlain && { isPlain: true }), standing },
  ];
}

/** In rules, or in a set of another name. */
function countsInChain(chain: string, observed: Observed): Pick<Making, 'counts' | 'countsOn'> {
  const rules = observed.chains.get(chain);
  const ofSets = countsOfSets(rules, observed);
  if (ofSets !== undefined) return { counts: ofSets, countsOn: 'sets' };
  return { counts: countsOfRules(rules), ...(rules !== undefined && { countsOn: 'rules' }) };
}

interface Making {
  readonly instead: boolean;
  readonly counts: Counts;
  /** Where they are from. */
  readonly countsOn?: 'rules' | 'sets';
}

function makeSet(
  { name, members, isPlain }: WantedSet,
  { counts, ...making }: Making,
  { family, now }: Circumstances,
): SetChange {
  const room = countMembers(members) * 2;
  const set: NewSet = {
    name,
    family: SET_FAMILY[family],
    capacity: Math.max(MIN_CAPACITY, 2 ** Math.ceil(Math.log2(room))),
    ...(isPlain && { isPlain }),
    members: isPlain ? new PlainMembers(members) : new TimedMembers(members, { counts, now }),
  };
  return { kind: 'make-set', set, ...making };
}

/** Undefined where it cannot be told, or is not worth it. */
function diffContent(
  { members, isPlain }: WantedSet,
  { content }: ObservedSet,
  { family, now }: Circumstances,
): MemberDiff | undefined {
  switch (content.kind) {
    case 'settled':
      return diffMembers(content.members, members, now);
    case 'listed':
      return isPlain ? diffPlain(content.members, members) : diffListed({ family, ...content }, members);
    case 'unknown':
      return undefined;
  }
}

/** Smallest capacity: ipset's own default. What a capacity costs is paid when members come, not ahead. */
const MIN_CAPACITY = 65_536;

/** A set that is full refuses the next ban, so it makes way for a larger one before. */
const FULL_SHARE = 0.75;
