/** What rulesets that others load at a boot come to, as a condition of the status. */
import type { ConditionRecord } from './status-record.ts';
import { savedRulesProblems } from '../firewall/find-saved.ts';
import type { World } from '../world/world.ts';

/** Status may look where the controller may not: saved rules are root's alone as a rule. */
export async function savedRulesConditions(world: World): Promise<readonly ConditionRecord[]> {
  const problems = await savedRulesProblems(world);
  const [first] = problems;
  if (first === undefined) return [];
  const { condition: type, reason } = first;
  return [{ type, status: 'False', reason, message: problems.map(({ message }) => message).join('; ') }];
}
