/**
 * Changes of one table as one transaction for `iptables-restore --noflush`: all of it or nothing. Only chains of
 * ours are ever declared: a `:CHAIN` line empties a chain, and sets the policy of a built-in one.
 */
import type { RuleChange } from '../plan/change.ts';

/** The text for one family's table; all changes are of the same. */
export function render(changes: readonly RuleChange[]): string {
  const removed = changes.flatMap((change) => (change.kind === 'remove' ? [change.chain] : []));
  const lines = [
    `*${changes[0]?.table ?? 'filter'}`,
    ...changes.flatMap(declaration),
    ...changes.flatMap(content),
    // Emptied first: a stray chain may be led to from another one.
    ...removed.map((chain) => `-F ${chain}`),
    ...removed.map((chain) => `-X ${chain}`),
    'COMMIT',
  ];
  return `${lines.join('\n')}\n`;
}

function declaration(change: RuleChange): readonly string[] {
  return change.kind === 'create' || change.kind === 'rewrite' ? [`:${change.chain} - [0:0]`] : [];
}

function content(change: RuleChange): readonly string[] {
  switch (change.kind) {
    case 'create':
      return change.rules.map(({ text }) => `-A ${change.chain} ${text}`);
    case 'rewrite':
      // Not `[packets:bytes] -A`: that form is passed over unless iptables-restore is told to restore counters.
      return change.rules.map(
        ({ rule, packets, bytes }) => `-A ${change.chain} -c ${packets} ${bytes} ${rule.text}`,
      );
    case 'delete':
      return [`-D ${change.chain} ${change.printed}`];
    case 'insert':
      return [`-I ${change.chain} ${change.at} ${change.rule.text}`];
    case 'remove':
      return [];
  }
}
