/**
 * Reads all that a pass folds and judges by, but for the spool: state, policy, what other sources give, and what only
 * this machine knows.
 */
import type { Regions } from '../claims/state.ts';
import type { LedgerReading } from '../ledger/ledger.ts';
import type { ListInForce } from '../sources/lists/list-in-force.ts';
import type { MachineReading } from './machine.ts';
import type { Memory } from './memory.ts';
import type { PassKind } from '../domain/pass-kind.ts';

export interface Inputs extends LedgerReading, MachineReading {
  /** What other sources claim. */
  readonly given: readonly Regions[];
  /** Those that the policy names. */
  readonly lists: readonly ListInForce[];
}

interface LoadOptions {
  readonly kind: PassKind;
  /** True for a preview, which changes nothing: see ledger/policy-in-force.ts. */
  readonly mayGuess?: boolean;
}

/** Loads; throws when the state cannot be read: then nothing may be concluded from what is missing. */
export async function loadInputs(
  { ledger, sources, lists: keeper, machine }: Pick<Memory, 'ledger' | 'sources' | 'lists' | 'machine'>,
  { kind, mayGuess = false }: LoadOptions,
): Promise<Inputs> {
  const isFull = kind === 'full';
  const reading = await ledger.read({ isFull, mayGuess });
  const { given, isNew } = await sources.give();
  const { lists, isNew: areListsNew } = await keeper.give(reading.policy.lists);
  const changedByOthers = reading.changedByOthers || isNew || areListsNew;
  return { ...reading, changedByOthers, given, lists, ...machine.read({ isFull }) };
}
