/** Makes what was concluded last: on disk, then out of the spool, then in git. In this order a crash loses nothing. */
import { diffStates, type ClaimChange } from '../claims/diff.ts';
import type { Problem } from '../domain/conditions.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { State } from '../claims/state.ts';
import type { Inputs } from './load-inputs.ts';
import type { Memory } from './memory.ts';
import type { Intake } from '../spool/take-in.ts';

interface SaveOptions {
  readonly state: State;
  /** When the claims were judged, in milliseconds since 1970. */
  readonly now: number;
  readonly intake: Intake;
  readonly inputs: Inputs;
  readonly commitAll: boolean;
  readonly kind: PassKind;
}

/**
 * While a flood is worked off, what it leaves behind is committed this often, and not in each of its many short
 * passes.
 */
const COMMIT_IN_FLOOD_MS = 2_000;
const MAX_COMMIT_IN_FLOOD_MS = 10_000;

export interface Saved {
  /** False: what was said is not on disk, and the spool still holds it. */
  readonly isOnDisk: boolean;
  /**
   * False: the spool still holds what was said, on disk or not; `not yet`: a later pass saves it, which reads it
   * again.
   */
  readonly removed: boolean | 'not yet';
  /** What became different of the claims on disk. */
  readonly claimChanges: readonly ClaimChange[];
  readonly problems: readonly Problem[];
}

/** Saves; a failure is a problem of its own, and the next pass tries again. */
export async function save(
  { ledger, spool }: Pick<Memory, 'ledger' | 'spool'>,
  { state, now, intake, inputs, commitAll, kind }: SaveOptions,
): Promise<Saved> {
  // What somebody edited since it was read must not be written over, nor committed as ours: that is read first.
  if (await ledger.hasChanged())
    return { isOnDisk: false, removed: 'not yet', claimChanges: [], problems: [] };
  const untaken = await ledger.takeOver({ ...inputs, isFull: kind === 'full' });
  const unsaved = await ledger.save(state);
  if (unsaved !== undefined)
    return { isOnDisk: false, removed: false, claimChanges: [], problems: [...untaken, unsaved] };
  const claimChanges = diffStates(inputs.state, state, now);
  const stuck = spool.remove(intake.files);
  // Where others speak, it is done after a pass for these, which is short itself.
  const isShort = intake.hasYielded || !spool.inbox.isContended;
  const inFlood = isShort ? COMMIT_IN_FLOOD_MS : MAX_COMMIT_IN_FLOOD_MS;
  const patience = intake.more ? inFlood : undefined;
  const change = { state, since: inputs.state, claimChanges };
  const uncommitted = await ledger.commit({ ...change, commitAll, patience, isLossTold: inputs.mayLack });
  const problems = [...untaken, ...stuck, ...uncommitted];
  return { isOnDisk: true, removed: stuck.length === 0, claimChanges, problems };
}
