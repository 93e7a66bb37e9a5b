/** A plan as the runs of programs that carry it out, in order. */
import type { Change, HandleChange, RuleChange, SetChange } from '../plan/change.ts';
import { render } from './render.ts';
import { renderSets } from './render-sets.ts';

export type Transaction =
  | { readonly tool: 'iptables'; readonly text: string; readonly changes: readonly RuleChange[] }
  | { readonly tool: 'nft'; readonly text: string; readonly changes: readonly HandleChange[] }
  /** Its text is made when it is asked for, and may be long: see {@link longTextOf}. */
  | { readonly tool: 'ipset'; readonly text: string; readonly changes: readonly SetChange[] };

/** One transaction for each stretch of changes of the same kind, and of the same table. */
export function transactionsOf(changes: readonly Change[]): readonly Transaction[] {
  const transactions: Transaction[] = [];
  for (let at = 0; at < changes.length;) {
    const sets = takeWhile(changes, at, isSetChange);
    if (sets.length > 0) transactions.push(setTransaction(sets));
    at += sets.length;
    const rules = ofOneTable(takeWhile(changes, at, isRuleChange));
    if (rules.length > 0) transactions.push({ tool: 'iptables', text: render(rules), changes: rules });
    at += rules.length;
    const handles = takeWhile(changes, at, isHandleChange);
    if (handles.length > 0)
      transactions.push({ tool: 'nft', text: renderHandles(handles), changes: handles });
    at += handles.length;
  }
  return transactions;
}

/** Those ahead of the first that is of another table. */
function ofOneTable(changes: readonly RuleChange[]): readonly RuleChange[] {
  const end = changes.findIndex(({ table }) => table !== changes[0]?.table);
  return end < 0 ? changes : changes.slice(0, end);
}

function setTransaction(changes: readonly SetChange[]): Transaction {
  return {
    tool: 'ipset',
    changes,
    get text() {
      return renderSets(changes);
    },
  };
}

function isHandleChange(change: Change): change is HandleChange {
  return change.kind === 'delete-handle';
}

function isRuleChange(change: Change): change is RuleChange {
  return 'chain' in change && change.kind !== 'delete-handle';
}

/** All in one transaction of nft. A handle is never given to another rule. */
function renderHandles(changes: readonly HandleChange[]): string {
  return changes
    .map(({ family, chain, handle }) => {
      const table = `${family === 'ipv4' ? 'ip' : 'ip6'} filter`;
      return `delete rule ${table} ${chain} handle ${handle}\n`;
    })
    .join('');
}

function isSetChange(change: Change): change is SetChange {
  return 'set' in change;
}

function takeWhile<T extends Change>(
  changes: readonly Change[],
  from: number,
  isKind: (change: Change) => change is T,
): readonly T[] {
  const taken: T[] = [];
  for (let at = from; at < changes.length; at += 1) {
    const change = changes[at];
    if (change === undefined || !isKind(change)) break;
    taken.push(change);
  }
  return taken;
}
