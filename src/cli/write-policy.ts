/** Writes the policy, and the one that is tried, as whom the command acts. */
import { policyPath, trialPath } from '../ledger/policy-paths.ts';
import { formatTrial, type TriedPolicy } from '../policy/trial.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { World } from '../world/world.ts';

interface NewPolicy {
  /** Undefined: policy.yaml stays as it is. */
  readonly text?: string;
  /** Undefined: nothing is tried any more, since that would count instead of the text. */
  readonly tried: TriedPolicy | undefined;
}

/** In this order: if we stop in between, the trial ends and what was written counts. */
export async function writePolicy(world: World, { text, tried }: NewPolicy): Promise<void> {
  const { config, files } = world;
  try {
    await files.makeFolder(config.state);
    if (text !== undefined) await files.write(policyPath(world), text);
    if (tried === undefined) await files.remove(trialPath(world));
    else await files.write(trialPath(world), formatTrial(tried));
  } catch (error) {
    throw new BanspoolError('io', `cannot write to ${config.state}: ${messageOf(error)}`, {
      cause: error,
      hint: 'run it as root, or as the user that banspool runs as (sudo -u banspool)',
    });
  }
}
