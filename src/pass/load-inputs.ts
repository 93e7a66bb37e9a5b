/** Reads all that a pass folds and judges by, but for the spool: state, policy, and what only this machine knows. */
import type { Reading } from '../ledger/ledger.ts';
import type { MachineReading } from './machine.ts';
import type { Memory } from './memory.ts';
import type { PassKind } from '../domain/pass-kind.ts';

export interface Inputs extends Reading, MachineReading {}

interface LoadOptions {
  readonly kind: PassKind;
  /** For who only looks: see ledger/policy-in-force.ts. */
  readonly mayGuess?: boolean;
}

/** Loads; throws when the state cannot be read: then nothing may be concluded from what is missing. */
export async function loadInputs(
  { ledger, machine }: Pick<Memory, 'ledger' | 'machine'>,
  { kind, mayGuess = false }: LoadOptions,
): Promise<Inputs> {
  const isFull = kind === 'full';
  const reading = await ledger.read({ isFull, mayGuess });
  return { ...reading, ...machine.read({ isFull }) };
}
