/** Where the policy stands. */
import { join } from 'node:path';
import type { LedgerWorld } from './ledger-world.ts';

interface Needs {
  readonly config: Pick<LedgerWorld['config'], 'state'>;
}

/** Where one is written that is tried. */
export function trialPath({ config }: Needs): string {
  return join(config.state, 'policy.trial.yaml');
}

/** Where people write the policy. */
export function policyPath({ config }: Needs): string {
  return join(config.state, 'policy.yaml');
}
