/**
 * Makes the record of a pass out of what its stages came to: status, metrics, the log and the loop are told by it
 * alone.
 */
import type { Conclusion } from '../desired/conclude.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findUnconfirmed } from './find-unconfirmed.ts';
import type { EnforcedAll } from '../firewall/firewall.ts';
import type { Inputs } from './load-inputs.ts';
import { viewLists } from '../sources/lists/list-view.ts';
import type { Gathered } from './gather-claims.ts';
import type { Saved } from './save.ts';
import type { Pass } from './pass.ts';
import type { Ended, Rejection } from '../spool/spool.ts';
import type { Done } from './fast-path.ts';

interface PassParts extends Pick<
  Pass,
  'kind' | 'startedAt' | 'enforcedAt' | 'finishedAt' | 'policyLines' | 'problems'
> {
  /** When the claims were judged, in milliseconds since 1970. */
  readonly now: number;
  readonly inputs: Pick<Inputs, 'lists'>;
  readonly gathered: Gathered;
  readonly conclusion: Conclusion;
  readonly enforced: EnforcedAll;
  /** The same with what was enforced ahead of the pass. */
  readonly done: Done;
  readonly rejection: Rejection;
  readonly saved: Saved;
  readonly ended: Ended;
  readonly ledger: Pick<Ledger, 'policy' | 'isSuspect'>;
  readonly fleet: Pick<Fleet, 'publisher'>;
}

/** Made at the end of the pass. */
export function passRecord({
  now,
  inputs,
  gathered,
  conclusion,
  enforced: { isBlocked, sets },
  done,
  rejection,
  saved,
  ended,
  ledger,
  fleet,
  ...told
}: PassParts): Pass {
  const { intake, state } = gathered;
  const policyDue = ledger.policy.due;
  const { bans, claims, ignored, nextChange } = conclusion;
  return {
    ...told,
    // What was enforced ahead counts as it was then.
    banArrivals: [...intake.banArrivals, ...intake.waited.map((waited) => told.enforcedAt - waited)],
    intents: intake.sent.length,
    refused: rejection.moved,
    warnings: [...(saved.isOnDisk ? intake.warnings : []), ...ended.warnings],
    claimChanges: saved.claimChanges,
    ...{ ...done, isBlocked, sets, bans, claims, ignored },
    lists: viewLists(inputs.lists, conclusion.lists),
    servers: intake.servers,
    left: ended.left,
    unconfirmed: findUnconfirmed(policyDue, state, now),
    more: ledger.isSuspect || ended.more,
    // What is not on disk is not published, however long it is due.
    nextDue: Math.min(
      nextChange,
      intake.nextGiveUp,
      policyDue,
      saved.isOnDisk ? fleet.publisher.due : Infinity,
    ),
  };
}
