/** What a change of the firewall is, in words for a log and for a plan. */
import type { Change } from './change.ts';
import { countText, numberText } from '../domain/words.ts';

/** One line: the sign, the chain, and what happens to it. */
export function changeWords(change: Change): string {
  const chain = 'chain' in change ? chainWords(change) : '';
  switch (change.kind) {
    case 'create':
      return `+ chain ${chain} with ${countText(change.rules.length, 'rule')}`;
    case 'rewrite': {
      const { added, removed } = change.difference;
      return `~ chain ${chain} rewritten: ${countText(added.length, 'rule')} added, ${removed.length} removed`;
    }
    case 'delete':
    case 'delete-handle':
      return `- ${chain}: ${change.printed}`;
    case 'insert':
      return `+ ${chain}: ${change.rule.text} (at ${change.at})`;
    case 'remove':
      return `- chain ${chain}`;
    case 'make-set': {
      const { name, members, capacity } = change.set;
      return `+ set ${name} with ${countText(members.length, 'member')}, capacity ${numberText(capacity)}`;
    }
    case 'change-set': {
      const { set, added, removed, refreshed } = change;
      const words = [
        ...amount(added.length, 'added', added[0]?.text),
        ...amount(removed.length, 'removed', removed[0]),
        ...amount(refreshed.length, 'with a new timeout', refreshed[0]?.text),
      ];
      return `~ set ${set}: ${words.join(', ')}`;
    }
    case 'destroy-set':
      return `- set ${change.set}`;
  }
}

/** A chain of the filter table has its name alone: `raw PREROUTING`. */
function chainWords({ table, chain }: { readonly table?: 'raw'; readonly chain: string }): string {
  return table === undefined ? chain : `${table} ${chain}`;
}

/** `203.0.113.7 more`, `7 more (203.0.113.7, …)`; nothing of nothing. */
function amount(count: number, what: string, first = ''): readonly string[] {
  if (count === 0) return [];
  return [count === 1 ? `${first} ${what}` : `${count} ${what} (${first}, …)`];
}
