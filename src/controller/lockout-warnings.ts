/** Tells when an edit of the policy drops somebody who is logged in: the editor has no other way to hear of it. */
import type { Net } from '../net/net.ts';
import { judge, type Judgement } from '../policy/judge.ts';
import type { Policy } from '../policy/policy.ts';
import { lockouts } from '../report/lockout.ts';
import { NEVER_READ, type Memory } from './memory.ts';
import type { World } from './world.ts';

export interface PolicyChange {
  readonly before: Memory['policy'];
  readonly after: Memory['policy'];
  readonly ownAddresses: readonly Net[];
}

/** One line for each; none at a start, where nothing is new, and none of who is dropped by a claim. */
export async function lockoutWarnings(
  world: World,
  { before, after, ownAddresses }: PolicyChange,
): Promise<readonly string[]> {
  if (before.value === after.value || before.stamp === NEVER_READ || after.value.deny.length === 0) return [];
  const now = world.now();
  const judged = (policy: Policy): Judgement => judge([], { policy, ownAddresses, now });
  const sessions = await world.findSessions().catch(() => []);
  return lockouts(sessions, { before: judged(before.value), after: judged(after.value) }).map(
    ({ text, by }) => `policy.yaml line ${by.line ?? 1} denies ${text}`,
  );
}
