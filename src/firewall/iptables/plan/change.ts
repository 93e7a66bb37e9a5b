/** What is done to a firewall, one thing at a time, with all that carrying it out needs. */
import type { Drops } from '../../drops.ts';
import type { Rule } from '../rules/rule.ts';
import type { Family } from '../../../domain/net.ts';

export type Change = RuleChange | SetChange | HandleChange;

/** A change of the filter table, or of `raw`; all of one table are made at once. */
export type RuleChange = OfTable &
  /** A new chain; each rule of it is new. */
  (
    | { readonly kind: 'create'; readonly chain: string; readonly rules: readonly Rule[] }
    /** The chain is emptied and filled again, in one transaction and with its counters. */
    | {
        readonly kind: 'rewrite';
        readonly chain: string;
        readonly rules: readonly CountedRule[];
        readonly difference: Difference;
        /** Some of its rules count on from members of a set, and not from rules alone. */
        readonly countsOn?: 'sets';
      }
    /** A rule, strange or not, goes as it was printed. */
    | { readonly kind: 'delete'; readonly chain: string; readonly printed: string }
    /** `at` counts from 1, as iptables does. */
    | { readonly kind: 'insert'; readonly chain: string; readonly at: number; readonly rule: Rule }
    | { readonly kind: 'remove'; readonly chain: string }
  );

interface OfTable {
  /** None is `filter`. */
  readonly table?: 'raw';
}

/** A jump that stands among native rules goes, which iptables could not find. */
export interface HandleChange {
  readonly kind: 'delete-handle';
  readonly family: Family;
  readonly chain: string;
  /** As iptables would print it. */
  readonly printed: string;
  readonly handle: number;
}

/** A change of an ipset; each line of it takes effect by itself. */
export type SetChange =
  /** A new set; `instead` it is filled under another name and takes the place of the one that stands, in one step. */
  | {
      readonly kind: 'make-set';
      readonly set: NewSet;
      readonly instead: boolean;
      /** From what its members count on. */
      readonly countsOn?: 'rules' | 'sets';
    }
  | {
      readonly kind: 'change-set';
      readonly set: string;
      readonly added: readonly SetMember[];
      readonly removed: readonly string[];
      /** Stand there already, with another time left. */
      readonly refreshed: readonly SetMember[];
      /** It was made without timeouts and counters. */
      readonly isPlain?: boolean;
      /** How it was made, where that is known. */
      readonly standing?: (Pick<NewSet, 'family' | 'capacity'> & { readonly isCounted: boolean }) | undefined;
    }
  | { readonly kind: 'destroy-set'; readonly set: string };

export interface NewSet {
  readonly name: string;
  /** As ipset calls it. */
  readonly family: 'inet' | 'inet6';
  /** How many members it can ever hold. */
  readonly capacity: number;
  readonly members: SetMembers;
  /** Made without timeouts and counters. */
  readonly isPlain?: boolean;
}

/** Of a large set they are made one by one when they are asked for. */
export interface SetMembers extends Iterable<SetMember> {
  readonly length: number;
  /** False where none of them counts from the beginning. */
  readonly mayCount?: boolean;
}

export interface SetMember {
  /** Address or network. */
  readonly text: string;
  /** Seconds from now after which the kernel drops it by itself; 0 is never. */
  readonly timeout: number;
  /** What it counts from the beginning. */
  readonly counted?: Drops;
}

interface CountedRule {
  readonly rule: Rule;
  readonly packets: number;
  readonly bytes: number;
}

interface Difference {
  readonly added: readonly Rule[];
  /** As printed. */
  readonly removed: readonly string[];
}
