/** What is remembered of one peer between passes, and what it is listened to with. */
import type { Publication } from '../claims/hear.ts';
import type { State } from '../claims/state.ts';
import type { PeerPolicy } from '../policy/peer-policy.ts';
import type { Policy } from '../policy/policy.ts';
import type { Inbox } from './inbox.ts';
import type { PeerTrouble } from './peer-problems.ts';
import type { Refused } from './refused.ts';

export interface Ear {
  /** Where its publication comes in. */
  readonly inbox: Inbox;
  /** Of peer.yaml and its signature, as last looked at. */
  stamp: string | undefined;
  /** With which policy. */
  policy: Policy;
  /** By path: the SHA-256 of what was taken in. */
  readonly taken: Map<string, string>;
  /** A file that was not as peer.yaml names it, as it was then. */
  lacking: { readonly path: string; readonly stamp: string | undefined } | undefined;
  /** The fingerprint of the key that it is believed by. */
  readonly key: string;
  /** The highest that was signed by the key. */
  sequence: number;
  published: number | undefined;
  /** From when it was published, by its clock, until it came here, in milliseconds. */
  lag: number | undefined;
  /** By path: the lines of it that were refused. */
  readonly refused: Map<string, Refused>;
  trouble: PeerTrouble | undefined;
  /** Since when it is troubled, in milliseconds since 1970. */
  since: number | undefined;
}

export interface HearOptions {
  readonly state: State;
  readonly policy: Policy;
  readonly now: number;
  /** Tries again what was beyond the limits. */
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
