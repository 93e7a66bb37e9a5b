/** What a replay found. Times are milliseconds since 1970, lengths of time milliseconds. */
import type { Net } from '../domain/net.ts';
import type { Side } from './ban-times.ts';
import type { Gaps } from './history/read-history.ts';
import type { Rule } from './rule.ts';

/** Different addresses and networks, and how long that was of all of them together. */
export interface Sum {
  addresses: number;
  time: number;
}

/** Under the policy that was in force, and under the other one. */
export interface Sums {
  readonly before: Sum;
  readonly after: Sum;
}

export interface RuleSums extends Sums {
  readonly rule: Rule;
}

/** The rule that makes the difference. */
export interface Why {
  readonly rule: Rule;
  /** Of which policy it is: where it is of the one before, the other has no such rule. */
  readonly of: Side;
}

/** An address that one policy bans at a time at which the other one does not. */
export interface Different {
  readonly ip: Net;
  /** For how long. */
  readonly time: number;
  readonly jails: readonly string[];
  readonly servers: readonly string[];
  /** Undefined where only the claims tell. */
  readonly why: Why | undefined;
}

export interface Compared {
  readonly total: Sums;
  readonly jails: ReadonlyMap<string, Sums>;
  readonly servers: ReadonlyMap<string, Sums>;
  readonly rules: readonly RuleSums[];
  /** The longest first. */
  readonly letIn: readonly Different[];
  readonly banned: readonly Different[];
}

export interface Replayed extends Compared {
  readonly since: number;
  readonly until: number;
  /** Where the history begins, when that is later than it was asked for. */
  readonly beginsAt: number | undefined;
  readonly isShallow: boolean;
  readonly commits: number;
  readonly gaps: Gaps & { readonly misdated: number; readonly policies: number };
}
