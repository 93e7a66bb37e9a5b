/**
 * What is done to a firewall, one thing at a time, as far as logs, reports and plans tell of it. What a data plane
 * plans says more than that: how to carry it out.
 */

export type Change = ChainChange | SetChange;

/** A change of a chain of ours, or of the jumps to one. */
type ChainChange = OfTable &
  /** A new chain; each rule of it is new. */
  (
    | { readonly kind: 'create'; readonly chain: string; readonly rules: readonly Line[] }
    /** The chain is emptied and filled again, in one transaction and with its counters. */
    | {
        readonly kind: 'rewrite';
        readonly chain: string;
        readonly difference: Difference;
        /** Some of its rules count on from members of a set, and not from rules alone. */
        readonly countsOn?: 'sets';
      }
    /** By its text, or where that finds none by its number. */
    | { readonly kind: 'delete' | 'delete-handle'; readonly chain: string; readonly printed: string }
    /** `at` counts from 1. */
    | { readonly kind: 'insert'; readonly chain: string; readonly at: number; readonly rule: Line }
    | { readonly kind: 'remove'; readonly chain: string }
  );

interface OfTable {
  /** None is `filter`. */
  readonly table?: 'raw';
}

/** A change of a set of addresses. */
export type SetChange =
  | {
      readonly kind: 'make-set';
      readonly set: NewSet;
      /** From what its members count on. */
      readonly countsOn?: 'rules' | 'sets';
    }
  | {
      readonly kind: 'change-set';
      readonly set: string;
      readonly added: readonly Line[];
      readonly removed: readonly string[];
      /** Stand there already, with another time left. */
      readonly refreshed: readonly Line[];
      readonly isPlain?: boolean;
    }
  | { readonly kind: 'destroy-set'; readonly set: string };

interface NewSet {
  readonly name: string;
  /** How many members it can ever hold. */
  readonly capacity: number;
  readonly members: Lines;
  /** Of a list, without timeouts and counters. */
  readonly isPlain?: boolean;
}

/** Of a large set they are made one by one when they are asked for. */
interface Lines extends Iterable<Line> {
  readonly length: number;
}

/** A rule, or a member of a set. */
export interface Line {
  readonly text: string;
}

interface Difference {
  readonly added: readonly Line[];
  /** As printed. */
  readonly removed: readonly string[];
}

/** What is to be read right ahead of these, since they write counters as they were read: rules, or the sets too. */
export function countersNeeded(changes: readonly Change[]): 'none' | 'rules' | 'sets' {
  const needed = changes.map((change) => {
    if (change.kind === 'rewrite') return change.countsOn ?? 'rules';
    return change.kind === 'make-set' ? change.countsOn : undefined;
  });
  if (needed.includes('sets')) return 'sets';
  return needed.includes('rules') ? 'rules' : 'none';
}

/** True for what changes no more than the time that members of a set have left. */
export function isRefresh(change: Change): boolean {
  return change.kind === 'change-set' && change.added.length + change.removed.length === 0;
}

/** True for a change of a set. */
export function isSetChange<C extends Change>(
  change: C,
): change is Extract<C, { readonly kind: SetChange['kind'] }> {
  return change.kind === 'make-set' || change.kind === 'change-set' || change.kind === 'destroy-set';
}
