/** What became of a policy, in the words of `history`. */
import type { PolicyEvent } from '../../policy/policy-history.ts';
import { untilText, type Zone } from '../../domain/words.ts';

/** `policy tried until …`, `policy reverted: it was not confirmed`. */
export function policyEventText({ what, until, why }: PolicyEvent, zone: Zone): string {
  const end = until === undefined ? '' : ` ${untilText(until, zone)}`;
  return `policy ${what}${end}${why === undefined ? '' : `: ${why}`}`;
}
