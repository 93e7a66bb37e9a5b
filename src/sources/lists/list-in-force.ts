/** A list of policy.yaml as it counts now: its last good content, and what is wrong with the newest. */
import type { NetTable } from '../../lists/table/net-table.ts';
import type { ReasonOf } from '../../domain/conditions.ts';
import type { ListFacts } from './read-list.ts';

export interface ListTrouble {
  readonly reason: ReasonOf<'ListsFresh'>;
  /** A sentence that begins with the name of the list. */
  readonly message: string;
}

export interface ListInForce {
  readonly name: string;
  readonly note: string | undefined;
  /** `file drop.txt`, `https://…`. */
  readonly from: string;
  /** Empty where nothing was ever read. */
  readonly table: NetTable;
  /** Undefined where nothing was ever read. */
  readonly facts: ListFacts | undefined;
  /** When the content that counts was first read, in milliseconds since 1970. */
  readonly takenAt: number | undefined;
  /** When its file was written, or its server said last that it is the newest. */
  readonly confirmed: number | undefined;
  readonly trouble: ListTrouble | undefined;
}
