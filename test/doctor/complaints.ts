/** What doctor has against the way in. */
import { diagnoseGate } from '../../src/doctor/diagnose-gate.ts';
import type { FakeGate } from '../support/fake-gate.ts';

/** What is not good, with its mend. */
export async function complaintsOf(gate: FakeGate): Promise<readonly string[]> {
  return (await diagnoseGate(gate))
    .filter(({ level }) => level !== 'good')
    .map(({ level, what, mend }) => `${level} ${what} | ${mend ?? ''}`);
}
