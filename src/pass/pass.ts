/** What one pass found and did. */
import type { Net } from '../domain/net.ts';
import type { ClaimChange } from '../claims/diff.ts';
import type { Refused } from '../spool/reject.ts';
import type { Problem } from '../domain/conditions.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { SetSize } from '../firewall/dataplane.ts';
import type { FamilyChanges } from '../firewall/family-firewall.ts';
import type { ListView } from '../sources/lists/list-view.ts';
import type { Repair } from '../firewall/repairs.ts';

export interface Pass {
  readonly kind: PassKind;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** When the firewall held what it should; what follows is saving and committing. */
  readonly enforcedAt: number;
  /** When the file of each ban that was taken in was last written. */
  readonly banArrivals: readonly number[];
  readonly intents: number;
  readonly refused: readonly Refused[];
  readonly warnings: readonly string[];
  readonly claimChanges: readonly ClaimChange[];
  readonly changes: readonly FamilyChanges[];
  readonly drift: readonly FamilyChanges[];
  /** The same by family, with who did it where the kernel tells, and in words. */
  readonly repairs: readonly Repair[];
  /** What an edit of the policy lifts and drops. */
  readonly policyLines: readonly string[];
  readonly problems: readonly Problem[];
  /** True when nothing could be enforced: what comes waits for the next try. */
  readonly isBlocked: boolean;
  readonly bans: number;
  readonly claims: number;
  /** Of them, those that the policy does not let be enforced. */
  readonly ignored: number;
  readonly lists: readonly ListView[];
  readonly sets: readonly SetSize[];
  readonly servers: readonly string[];
  readonly unconfirmed: readonly Unconfirmed[];
  /** Files, as SERVER/NAME, that could not be taken out of the spool: to be tried again with the rest. */
  readonly left: ReadonlySet<string>;
  /**
   * True when another pass has to follow at once: not all was read and it may find more, or the state was edited
   * meanwhile.
   */
  readonly more: boolean;
  /** When something ends by itself next, in milliseconds since 1970. */
  readonly nextDue: number;
}

/** What an operator tries, and has not confirmed. */
export interface Unconfirmed {
  /** In words. */
  readonly what: string;
  /** Undefined: the policy. `ifConfirmed` is when it ends once it is confirmed; Infinity: never by itself. */
  readonly ban: { readonly ip: Net; readonly jail: string; readonly ifConfirmed: number } | undefined;
  /** When it goes back, in milliseconds since 1970. */
  readonly until: number;
}
