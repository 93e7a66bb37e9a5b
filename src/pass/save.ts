/**
 * Makes what was concluded last: on disk, then out of the spool, then told to peers, then in git. In this order a crash
 * loses nothing.
 */
import { diffStates, type ClaimChange } from '../claims/diff.ts';
import type { SentIntent } from '../claims/fold.ts';
import type { Problem } from '../domain/conditions.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { State } from '../claims/state.ts';
import type { Moment } from '../ledger/early-bans.ts';
import type { Inputs } from './load-inputs.ts';
import type { Memory } from './memory.ts';
import type { Spool } from '../spool/spool.ts';
import type { Intake } from '../spool/take-in.ts';

interface SaveOptions {
  readonly state: State;
  readonly sent: readonly SentIntent[];
  /** When the claims were judged. */
  readonly moment: Moment;
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
  /** False where the claims are not on disk; the spool then still holds the files. */
  readonly isOnDisk: boolean;
  /**
   * Whether the files that were taken in are out of the spool. False: they could not be saved, or not be removed;
   * `not yet`: the state was edited meanwhile, and a later pass reads both again.
   */
  readonly removed: boolean | 'not yet';
  /** What became different of the claims on disk. */
  readonly claimChanges: readonly ClaimChange[];
  readonly problems: readonly Problem[];
}

/** Saves; a failure is a problem of its own, and the next pass tries again. */
export async function save(
  { ledger, spool, fleet, escalator }: Pick<Memory, 'ledger' | 'spool' | 'fleet' | 'escalator'>,
  { state, sent, moment, intake, inputs, commitAll, kind }: SaveOptions,
): Promise<Saved> {
  const { now } = moment;
  await ledger.early.note(sent, moment);
  // What somebody edited since it was read must not be written over, nor committed as ours: that is read first.
  if (await ledger.hasChanged())
    return { isOnDisk: false, removed: 'not yet', claimChanges: [], problems: [] };
  const untaken = await ledger.takeOver({ ...inputs, isFull: kind === 'full' });
  const unsaved = await ledger.save(state);
  if (unsaved !== undefined)
    return { isOnDisk: false, removed: false, claimChanges: [], problems: [...untaken, unsaved] };
  fleet.noteSaved();
  escalator.noteSaved();
  const claimChanges = diffStates(inputs.state, state, now);
  const stuck = spool.remove(intake.files);
  const patience = commitPatience(intake, spool.inbox);
  const change = { state, since: inputs.state, claimChanges };
  // What is on disk is not lost any more: peers need not wait for git.
  const unpublished = await fleet.publish(state, { ...inputs, now }, commitAll);
  const uncommitted = await ledger.commit({ ...change, commitAll, patience, isLossTold: inputs.mayLack });
  const problems = [...untaken, ...stuck, ...uncommitted, ...unpublished];
  return { isOnDisk: true, removed: stuck.length === 0, claimChanges, problems };
}

/** How long a commit may wait for company, in milliseconds; undefined where no flood is being worked off. */
function commitPatience(intake: Intake, { isContended }: Spool['inbox']): number | undefined {
  if (!intake.more) return undefined;
  // While others speak beside the flood, only a pass that ended early for them commits so soon: it was short itself.
  return intake.hasYielded || !isContended ? COMMIT_IN_FLOOD_MS : MAX_COMMIT_IN_FLOOD_MS;
}
