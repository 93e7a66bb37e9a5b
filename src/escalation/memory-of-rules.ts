/** For how long bans that began have to be remembered, so that the rules can count them. */
import type { EscalateRule } from '../policy/escalate-schema.ts';

/** A file that comes this late counts as if it had come in time. */
export const LATE_MS = 24 * 3600 * 1000;

/** In milliseconds; 0 without a rule: nothing is remembered. */
export function memoryOfRules(rules: readonly EscalateRule[]): number {
  return rules.length === 0 ? 0 : Math.max(...rules.map(({ within }) => within)) + LATE_MS;
}
