/** Changes the text of the policy, and of the one that is tried meanwhile: that counts until its end. */
import { join } from 'node:path';
import { readTrialFile } from '../../ledger/policy-files.ts';
import { policyPath, trialPath } from '../../ledger/policy-paths.ts';
import { readPolicy, type Policy } from '../../policy/policy.ts';
import type { TriedPolicy } from '../../policy/trial.ts';
import { BanspoolError } from '../../system/error.ts';
import type { World } from '../../world/world.ts';
import { writePolicy } from './write-policy.ts';

/** Gives the text of a policy as it is to be. */
type Change = (text: string, policy: Policy) => string;

/** An edit that was checked, and is not written yet. */
export interface PlannedEdit {
  readonly text: string;
  readonly tried: TriedPolicy | undefined;
  /** What counts when it is written: that of what is tried, where something is. */
  readonly policy: Policy;
}

/** Who edits, and what. */
interface Edit {
  readonly change: Change;
  /** As the subject of a commit: `deny 192.0.2.0/24`. */
  readonly did: string;
  readonly env: NodeJS.ProcessEnv;
}

/** True where a text became another one. Throws, and has changed nothing, where one of them cannot be read. */
export async function editPolicy(world: World, { change, did, env }: Edit): Promise<boolean> {
  const planned = await planEdit(world, change);
  if (planned !== undefined) await writePolicy(world, { ...planned, did, env });
  return planned !== undefined;
}

/** The texts as they are to be; undefined where none becomes another. Throws where one of them cannot be read. */
export async function planEdit(world: World, change: Change): Promise<PlannedEdit | undefined> {
  const text = await policyText(world);
  const tried = await readTrialFile(world);
  const isTried = tried !== undefined && tried.until > world.now();
  const edited = changed(text, { path: policyPath(world), change });
  const triedText = isTried ? changed(tried.text, { path: trialPath(world), change }) : undefined;
  if (edited === text && triedText === (isTried ? tried.text : undefined)) return undefined;
  const inForce = readPolicy(triedText ?? edited);
  if (inForce.kind === 'mistakes') throw new Error('an edit damaged the policy');
  return {
    text: edited,
    tried: isTried ? { until: tried.until, text: triedText ?? tried.text } : tried,
    policy: inForce.policy,
  };
}

function changed(text: string, { path, change }: { readonly path: string; readonly change: Change }): string {
  const read = readPolicy(text);
  if (read.kind === 'policy') return change(text, read.policy);
  const [first] = read.mistakes;
  throw new BanspoolError('config', `${path}:${first?.line ?? 1}: ${first?.message ?? 'unreadable'}`, {
    hint: 'nothing was changed; banspool check shows all mistakes',
  });
}

/** Before the first pass there is none, and the first state has one that says how it is written. */
async function policyText(world: World): Promise<string> {
  const { config, files } = world;
  const text = await files.read(policyPath(world));
  if (text !== undefined) return text;
  const isBegun = files.stamp(join(config.state, '.git')) !== undefined;
  if (!isBegun) return (await files.read(join(world.template, 'policy.yaml'))) ?? '{}\n';
  throw new BanspoolError('damaged-state', `${policyPath(world)} is missing`, {
    hint: 'nothing was changed; banspool doctor says how to restore it',
  });
}
