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
}

export interface ShownLine {
  /** Or the member of a set. */
  readonly rule: string;
  readonly why: Reason | undefined;
}

/** As --json has it. */
export function changeFields({ added, removed, ...change }: Shown): Readonly<Record<string, unknown>> {
  const lines = (some: readonly ShownLine[]): readonly unknown[] =>
    some.map(({ rule, why }) => ({ rule, why: why === undefined ? null : reasonFields(why) }));
  return { ...change, added: lines(added), removed: lines(removed) };
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
    const { kind, chain } = change;
    const base = { family: family.family, kind, chain, added: [], removed: [] };
    switch (change.kind) {
      case 'create':
        return { ...base, added: change.rules.map((rule) => wanted(chain, rule)) };
      case 'rewrite':
        return {
          ...base,
          added: change.difference.added.map((rule) => wanted(chain, rule)),
          removed: change.difference.removed.map((rule) => unwanted(chain, rule)),
        };
      case 'insert':
        return { ...base, added: [wanted(chain, change.rule)] };
      case 'delete':
      case 'delete-handle':
        return { ...base, removed: [unwanted(chain, change.printed)] };
      case 'remove':
        return { ...base, removed: removedRules(family, chain).map((rule) => unwanted(chain, rule)) };
    }
  });
}

/** `chain` is then the name of the set. */
function setLine(family: string, change: SetChange, reasons: Reasons): Shown {
  const { kind } = change;
  const base = { family, kind, added: [], removed: [] };
  const wanted = (set: string) => (member: { readonly text: string }) => ({
    rule: member.text,
    why: reasons.forMember(set, member.text),
  });
  switch (change.kind) {
    case 'make-set': {
      const { name, members } = change.set;
      return { ...base, chain: name, added: Array.from(members, wanted(name)) };
    }
    case 'change-set': {
      const { set, added, removed, refreshed } = change;
      return {
        ...base,
        chain: set,
        added: [...added, ...refreshed].map(wanted(set)),
        removed: removed.map((text) => ({ rule: text, why: reasons.againstMember(set, text) })),
      };
    }
    case 'destroy-set':
      return { ...base, chain: change.set };
  }
}

function removedRules(family: FamilyPreview, chain: string): readonly string[] {
  return family.kind === 'read' ? family.dataplane.rulesIn(family.observed, chain) : [];
}
