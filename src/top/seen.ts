/** All that `banspool top` shows, as it was found at one moment. */
import type { Zone } from '../domain/words.ts';
import type { FeedEvent } from '../feed/event.ts';
import type { Status } from '../status/assess-status.ts';

export interface Seen {
  readonly now: number;
  /** Of the clocks that are shown. */
  readonly zone: Zone;
  /** Of this machine: who has several terminals open looks for it. */
  readonly host: string;
  readonly status: Status;
  /** When the controller last wrote down what it found; undefined: never. */
  readonly checkedAt: number | undefined;
  /** Newest last. */
  readonly events: readonly FeedEvent[];
  /** Why there are no newer ones; undefined where all is well. */
  readonly eventsTrouble: string | undefined;
  /** Bans that began in each of the last minutes, the one that is not over last. */
  readonly minutes: readonly number[];
  readonly bans: SeenBans;
}

export type SeenBans =
  | { readonly kind: 'waiting' }
  /** Claims cannot be read: why, in words. */
  | { readonly kind: 'unreadable'; readonly why: string }
  | {
      readonly kind: 'read';
      readonly at: number;
      readonly bans: readonly SeenBan[];
      readonly peers: readonly SeenPeer[];
      /** Why there are no packets; undefined where there are. */
      readonly uncounted: string | undefined;
    };

export interface SeenBan {
  readonly ip: string;
  readonly jail: string;
  readonly servers: readonly string[];
  /** Since the first claim; null: by policy.yaml. */
  readonly since: number | null;
  /** Null where they were not counted. */
  readonly packets: number | null;
  readonly bytes: number | null;
  /** Packets a second, between the last two times that they were counted. */
  readonly rate: number | null;
}

export interface SeenPeer {
  readonly name: string;
  readonly heard: number | null;
  readonly claims: number;
  readonly enforced: number;
  readonly refused: number;
  /** In words; null: none. */
  readonly trouble: string | null;
}
