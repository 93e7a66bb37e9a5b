/** Writes the policy, and the one that is tried, as whom the command acts. */
import { noteEdit } from '../../ledger/edit-note.ts';
import { policyPath, trialPath } from '../../ledger/policy-paths.ts';
import { formatTrial, type TriedPolicy } from '../../policy/trial.ts';
import { BanspoolError, messageOf } from '../../system/error.ts';
import type { World } from '../../world/world.ts';
import { callerOf } from './caller.ts';

interface NewPolicy {
  /** Undefined: policy.yaml stays as it is. */
  readonly text?: string;
  /** Undefined: nothing is tried any more, since that would count instead of the text. */
  readonly tried: TriedPolicy | undefined;
  /** What was done, as the subject of a commit, and whoever asked for it: `deny 192.0.2.0/24`. */
  readonly did: string;
  readonly env: NodeJS.ProcessEnv;
}

/** In this order: if we stop in between, the trial ends and what was written counts. */
export async function writePolicy(world: World, { text, tried, did, env }: NewPolicy): Promise<void> {
  const { config, files } = world;
  try {
    await files.makeFolder(config.state);
    if (text !== undefined) {
      await noteEdit(world, { did: `${did}, by ${callerOf(env)}`, text });
      await files.write(policyPath(world), text);
    }
    if (tried === undefined) await files.remove(trialPath(world));
    else await files.write(trialPath(world), formatTrial(tried));
  } catch (error) {
    throw new BanspoolError('io', `cannot write to ${config.state}: ${messageOf(error)}`, {
      cause: error,
      hint: 'run it as root, or as the user that banspool runs as (sudo -u banspool)',
    });
  }
}
