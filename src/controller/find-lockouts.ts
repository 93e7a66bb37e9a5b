/** Tells when the policy drops somebody who is logged in: who edits the file has no other way to hear of it. */
import type { Net } from '../net/net.ts';
import { judge } from '../policy/judge.ts';
import type { Policy } from '../policy/policy.ts';
import { lockouts } from '../report/lockout.ts';
import type { Memory } from './memory.ts';
import type { Problem } from '../names/conditions.ts';
import type { PassKind } from './pass.ts';
import type { World } from './world.ts';

export interface LockoutsInputs {
  readonly kind: PassKind;
  readonly policy: Policy;
  readonly ownAddresses: readonly Net[];
}

/**
 * A problem for each address, for as long as it is so; none of who is dropped by a claim. Sessions are looked up by a
 * program: where the policy is the same, a quick pass goes by what the last one found.
 */
export async function lockoutProblems(
  world: World,
  memory: Memory,
  { kind, policy, ownAddresses }: LockoutsInputs,
): Promise<readonly Problem[]> {
  const known = memory.lockouts;
  if (kind === 'quick' && known?.policy === policy) return known.problems;
  const problems = policy.deny.length === 0 ? [] : await findLockouts(world, policy, ownAddresses);
  memory.lockouts = { policy, problems };
  return problems;
}

async function findLockouts(
  world: World,
  policy: Policy,
  ownAddresses: readonly Net[],
): Promise<readonly Problem[]> {
  const after = judge([], { policy, ownAddresses, now: world.now() });
  const sessions = await world.findSessions().catch(() => []);
  // Names ahead of `you`: others read it in status.
  return lockouts([...sessions].reverse(), { after }).map(({ text, by }) => ({
    condition: 'NobodyLockedOut',
    reason: 'PolicyDenies',
    message: `policy.yaml line ${by.line ?? 1} denies ${text}; fix: take that line out, or allow the address`,
  }));
}
