/** Tells when the policy drops somebody who is logged in: who edits the file has no other way to hear of it. */
import type { Conclusion } from '../desired/conclude.ts';
import type { Policy } from '../policy/policy.ts';
import { lockouts } from '../policy/lockout.ts';
import type { Memory } from './memory.ts';
import type { Problem } from '../domain/conditions.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { World } from '../world/world.ts';

interface LockoutsInputs {
  readonly kind: PassKind;
  readonly policy: Policy;
  readonly conclusion: Pick<Conclusion, 'deny' | 'allowed'>;
}

/**
 * Tells each such address as a problem, for as long as it is so; whoever a claim drops is none. Sessions are looked up by a
 * program: where the policy is the same, a quick pass goes by what the last one found.
 */
export async function lockoutProblems(
  world: World,
  memory: Memory,
  { kind, policy, conclusion }: LockoutsInputs,
): Promise<readonly Problem[]> {
  const known = memory.lockouts;
  if (kind === 'quick' && known?.policy === policy) return known.problems;
  const problems = policy.deny.length === 0 ? [] : await findLockouts(world, conclusion);
  memory.lockouts = { policy, problems };
  return problems;
}

async function findLockouts(
  world: World,
  { deny, allowed }: LockoutsInputs['conclusion'],
): Promise<readonly Problem[]> {
  const sessions = await world.findSessions().catch(() => []);
  // Names ahead of `you`: others read it in status.
  return lockouts([...sessions].reverse(), { after: { deny, allowed, enforced: [] } }).map(
    ({ text, by }) => ({
      condition: 'NobodyLockedOut',
      reason: 'PolicyDenies',
      message: `policy.yaml line ${by.line ?? 1} denies ${text}; fix: take that line out, or allow the address`,
    }),
  );
}
