/** What a change of the firewall is, in words for a log and for a plan. */
import type { Change } from '../plan/plan.ts';
import { countText } from './words.ts';

/** One line: the sign, the chain, and what happens to it. */
export function changeWords(change: Change): string {
  switch (change.kind) {
    case 'create':
      return `+ chain ${change.chain} with ${countText(change.rules.length, 'rule')}`;
    case 'rewrite': {
      const { added, removed } = change.difference;
      return `~ chain ${change.chain} written anew: ${countText(added.length, 'rule')} more, ${removed.length} less`;
    }
    case 'delete':
      return `- ${change.chain}: ${change.rule}`;
    case 'insert':
      return `+ ${change.chain}: ${change.rule} (at ${change.at})`;
    case 'remove':
      return `- chain ${change.chain}`;
  }
}
