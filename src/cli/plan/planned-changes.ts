/** What a plan changes on the firewall, line by line, each with its reason; and as JSON has it. */
import type { FamilyPreview } from '../../pass/preview.ts';
import { isSetChange, type Change, type Line, type SetChange } from '../../firewall/change.ts';
import type { Reason, Reasons } from '../text/explain.ts';
import { reasonFields } from '../text/reason-fields.ts';
import { BanspoolError } from '../../system/error.ts';

export interface Shown {
  readonly family: string;
  readonly kind: Change['kind'];
  readonly chain: string;
  readonly added: readonly ShownLine[];
  readonly removed: readonly ShownLine[];
  /** Of a list those beyond the first few, which are not told one by one. */
  readonly moreAdded: number;
  readonly moreRemoved: number;
}

export interface ShownLine {
  /** Or the member of a set. */
  readonly rule: string;
  readonly why: Reason | undefined;
}

/** As --json has it. */
export function changeFields(shown: Shown): Readonly<Record<string, unknown>> {
  const { added, removed, moreAdded, moreRemoved, ...change } = shown;
  const more = { ...(moreAdded > 0 && { moreAdded }), ...(moreRemoved > 0 && { moreRemoved }) };
  const lines = (some: readonly ShownLine[]): readonly unknown[] =>
    some.map(({ rule, why }) => ({ rule, why: why === undefined ? null : reasonFields(why) }));
  return { ...change, added: lines(added), removed: lines(removed), ...more };
}

/** Those of one family. Throws where it cannot be read. */
export function changesOf(family: FamilyPreview, reasons: Reasons): readonly Shown[] {
  if (family.kind === 'unreadable') {
    throw new BanspoolError('command-failed', `${family.family}: ${family.reason}`, {
      hint: 'banspool doctor shows what is missing on this machine',
    });
  }
  const unwanted = (chain: string, printed: string) => ({
    rule: printed,
    why: reasons.againstRule(chain, printed),
  });
  const wanted = (chain: string, rule: Line) => ({
    rule: rule.text,
    why: reasons.forRule(chain, rule),
  });
  return family.plan.changes.map((change): Shown => {
    if (isSetChange(change)) return setLine(family.family, change, reasons);
    const ofChain = reasons.isOfList(change.chain) ? firstLines : (each: Shown): Shown => each;
    const { kind, chain } = change;
    const base = { family: family.family, kind, chain, added: [], removed: [], ...NO_MORE };
    switch (change.kind) {
      case 'create':
        return ofChain({ ...base, added: change.rules.map((rule) => wanted(chain, rule)) });
      case 'rewrite':
        return ofChain({
          ...base,
          added: change.difference.added.map((rule) => wanted(chain, rule)),
          removed: change.difference.removed.map((rule) => unwanted(chain, rule)),
        });
      case 'insert':
        return { ...base, added: [wanted(chain, change.rule)] };
      case 'delete':
      case 'delete-handle':
        return { ...base, removed: [unwanted(chain, change.printed)] };
      case 'remove':
        return ofChain({
          ...base,
          removed: removedRules(family, chain).map((rule) => unwanted(chain, rule)),
        });
    }
  });
}

/** `chain` is then the name of the set. */
function setLine(family: string, change: SetChange, reasons: Reasons): Shown {
  const { kind } = change;
  const base = { family, kind, added: [], removed: [], ...NO_MORE };
  const wanted = (set: string) => (member: { readonly text: string }) => ({
    rule: member.text,
    why: reasons.forMember(set, member.text),
  });
  switch (change.kind) {
    case 'make-set': {
      const { name, members, isPlain = false } = change.set;
      const shown = isPlain ? firstOf(members) : Array.from(members);
      const moreAdded = members.length - shown.length;
      return { ...base, chain: name, added: shown.map(wanted(name)), moreAdded };
    }
    case 'change-set': {
      const { set, added, removed, refreshed, isPlain = false } = change;
      const all = [...added, ...refreshed];
      const most = isPlain ? FIRST_MEMBERS : Infinity;
      return {
        ...base,
        chain: set,
        added: all.slice(0, most).map(wanted(set)),
        removed: removed
          .slice(0, most)
          .map((text) => ({ rule: text, why: reasons.againstMember(set, text) })),
        moreAdded: Math.max(0, all.length - most),
        moreRemoved: Math.max(0, removed.length - most),
      };
    }
    case 'destroy-set':
      return { ...base, chain: change.set };
  }
}

const NO_MORE = { moreAdded: 0, moreRemoved: 0 } as const;

/** Of the set of a list. */
const FIRST_MEMBERS = 3;

/** Of the chain of a list. */
const FIRST_RULES = 5;

function firstLines(shown: Shown): Shown {
  const { added, removed } = shown;
  return {
    ...shown,
    added: added.slice(0, FIRST_RULES),
    removed: removed.slice(0, FIRST_RULES),
    moreAdded: Math.max(0, added.length - FIRST_RULES),
    moreRemoved: Math.max(0, removed.length - FIRST_RULES),
  };
}

function firstOf(members: Iterable<Line>): readonly Line[] {
  const first: Line[] = [];
  for (const member of members) {
    if (first.length === FIRST_MEMBERS) break;
    first.push(member);
  }
  return first;
}

function removedRules(family: FamilyPreview, chain: string): readonly string[] {
  return family.kind === 'read' ? family.dataplane.rulesIn(family.observed, chain) : [];
}
