/**
 * Reads what people wrote of the policy, for passes, doctor and confirm. `check` reads the text of policy.yaml as well,
 * since it shows every mistake in it; PolicyInForce tells a trial that cannot be read from one that is not there.
 */
import { readPolicy } from '../policy/policy.ts';
import { readTrial, type TriedPolicy } from '../policy/trial.ts';
import { messageOf } from '../system/error.ts';
import type { LedgerWorld } from './ledger-world.ts';
import { policyPath, trialPath } from './policy-paths.ts';

type Needs = Pick<LedgerWorld, 'files'> & { readonly config: Pick<LedgerWorld['config'], 'state'> };

/** Without the file: before the first start, or where a person took it out and committed that. */
const NO_POLICY = '{}';

type ReadFile = (ReturnType<typeof readPolicy> & { readonly isThere: boolean }) | Unreadable;

interface Unreadable {
  readonly kind: 'unreadable';
  readonly failure: string;
}

/** policy.yaml; one that is not there says nothing. One that cannot be read is a FIFO, say, or may not be. */
export async function readPolicyFile(world: Needs): Promise<ReadFile> {
  try {
    const text = await world.files.read(policyPath(world));
    return { ...readPolicy(text ?? NO_POLICY), isThere: text !== undefined };
  } catch (error) {
    return { kind: 'unreadable', failure: messageOf(error) };
  }
}

/** What is tried, whether its time is over or not; undefined where nothing is, or nobody can say what. */
export async function readTrialFile(world: Needs): Promise<TriedPolicy | undefined> {
  return readTrial((await world.files.read(trialPath(world))) ?? '');
}
