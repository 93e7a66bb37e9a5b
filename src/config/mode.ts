/** Whether bans are enforced, and the words of a firewall that only observes: the same wherever that is told. */
import { countText } from '../domain/words.ts';

export type Mode = 'enforce' | 'observe';

/** Of something that would else be done. */
export const NOTHING_ENFORCED = 'the mode is observe: nothing is enforced';

/** `observe: nothing is enforced; 12 bans would be`. */
export function observeText(bans: number): string {
  return `observe: nothing is enforced; ${countText(bans, 'ban')} would be`;
}
