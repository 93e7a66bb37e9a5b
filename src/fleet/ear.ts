/** The listener's memory of one peer between passes, and the inbox that it reads. */
import type { Publication } from '../claims/hear.ts';
import type { State } from '../claims/state.ts';
import type { PeerPolicy } from '../policy/peer-policy.ts';
import type { Policy } from '../policy/policy.ts';
import type { Inbox } from './inbox.ts';
import type { PeerTrouble } from './peer-problems.ts';
import type { Refused } from './refused.ts';

export interface Ear {
  /** Reads in/NAME of the peer. */
  readonly inbox: Inbox;
  /** The stamp of peer.yaml and its signature at the last reading. */
  stamp: string | undefined;
  /** The policy of the last reading. */
  policy: Policy;
  /** By path: the SHA-256 of each file that was taken in. */
  readonly taken: Map<string, string>;
  /** The first file that did not match peer.yaml, with its stamp at that time. */
  lacking: { readonly path: string; readonly stamp: string | undefined } | undefined;
  /** The fingerprint of the key that the policy has for the peer. */
  readonly key: string;
  /** The highest sequence that was signed with the key. */
  sequence: number;
  published: number | undefined;
  /** The time from publication, by the clock of the peer, until arrival here, in milliseconds. */
  lag: number | undefined;
  /** By path: how many lines of the file were refused. */
  readonly refused: Map<string, Refused>;
  trouble: PeerTrouble | undefined;
  /** When the trouble began, in milliseconds since 1970. */
  since: number | undefined;
}

export interface HearOptions {
  readonly state: State;
  readonly policy: Policy;
  readonly now: number;
  /** A full pass: it tries refused lines again. */
  readonly isFull: boolean;
}

export interface PeerOptions extends HearOptions {
  readonly peer: string;
  readonly limits: PeerPolicy;
  readonly ear: Ear;
}

export interface Read {
  readonly publication: Publication;
  readonly trouble: PeerTrouble | undefined;
}
