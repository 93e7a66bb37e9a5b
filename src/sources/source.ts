/**
 * A source of bans beside the spool. It says intents, which are folded into the ledger's claims and kept there, in
 * git too; or it gives claims, which count beside the ledger's for as long as it gives them and are written down
 * nowhere of ours but as its last good content (last-good.ts). One that cannot be read says nothing new, goes on to
 * give what was given before, by an earlier process too, and has a problem: no ban ends for it.
 */
import type { SentIntent } from '../claims/fold.ts';
import type { Regions } from '../claims/state.ts';
import type { Problem } from '../domain/conditions.ts';
import type { LedgerReading } from '../ledger/ledger.ts';
import type { Tools } from '../system/firewall/iptables.ts';

/** What is known when sources are asked what they say. */
export interface Look extends Pick<LedgerReading, 'mayLack'> {
  /** Undefined where the firewall cannot be read, or is not to be. */
  readonly tools: Tools | undefined;
  readonly now: number;
}

/** Each pass and each preview asks all of it: what did not change since is to cost nothing. */
export interface Source {
  readonly say?: (look: Look) => Promise<readonly SentIntent[]>;
  /**
   * All of its claims, each with its reserved name as the server. A region that nothing changed in is the same object
   * as the last time: only the others are judged again. No unban lifts such a claim; what policy.yaml allows is let
   * by, as ever.
   */
  readonly give?: () => Promise<Regions>;
  /**
   * Keeps on disk what it gave last, where that is new: what an earlier process gave, a source gives on where it cannot
   * be read at a start. Passes alone ask for it, once all of it is enforced, as the holder of the state's lock.
   */
  readonly keep?: () => Promise<void>;
  /** What kept it from being read when it was last asked. */
  readonly problems?: () => readonly Problem[];
  /** True when it has more to say or to give than when it was last asked; the daemon asks every 2 s. */
  readonly hasNews?: () => boolean;
}
