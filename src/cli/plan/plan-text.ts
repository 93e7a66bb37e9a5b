/** What a plan changes on the firewall, as people read it. */
import { printable } from '../../domain/printable.ts';
import { countText, numberText, type Zone } from '../../domain/words.ts';
import type { Change, SetChange } from '../../firewall/change.ts';
import { paint, type Io } from '../io.ts';
import { reasonText } from '../text/explain.ts';
import type { Shown, ShownLine } from './planned-changes.ts';

const SET_HEADS: Readonly<Record<SetChange['kind'], string>> = {
  'make-set': 'new set',
  'change-set': 'set',
  'destroy-set': 'set removed',
};

const HEADS: Readonly<Record<Change['kind'], string>> = {
  create: 'new chain',
  rewrite: 'chain rewritten',
  insert: '',
  delete: '',
  'delete-handle': '',
  remove: 'chain removed',
  ...SET_HEADS,
};

interface Telling {
  readonly zone: Zone;
  /** What is told beside how much it is, such as the command that makes the changes; none where it is empty. */
  readonly command: string;
}

/** The whole of it, with how much it is at the end. */
export function planText(io: Io, lines: readonly Shown[], { zone, command }: Telling): string {
  const lineText = (sign: string, { rule, why }: ShownLine, color: 'red' | 'green'): string => {
    const words = why === undefined ? '' : reasonText(why, zone);
    return `  ${paint(io, color, `${sign} ${printable(rule)}`)}  ${paint(io, 'dim', words)}\n`;
  };
  if (lines.length === 0) return 'nothing to change\n';
  const text: string[] = [];
  let place = '';
  for (const { family, kind, chain, added, removed, moreAdded, moreRemoved } of lines) {
    const head = `${family} ${chain}${HEADS[kind] === '' ? '' : `  ${HEADS[kind]}`}`;
    if (head !== place) text.push(`${paint(io, 'bold', head)}\n`);
    place = head;
    for (const line of removed) text.push(lineText('-', line, 'red'));
    if (moreRemoved > 0) text.push(`  ${paint(io, 'red', `- and ${numberText(moreRemoved)} more`)}\n`);
    for (const line of added) text.push(lineText('+', line, 'green'));
    if (moreAdded > 0) text.push(`  ${paint(io, 'green', `+ and ${numberText(moreAdded)} more`)}\n`);
  }
  return `${text.join('')}\n${totals(lines)}${command === '' ? '' : `; ${command}`}\n`;
}

/** `1 rule to add, 1 to remove`, and the same of members of sets where there are any. */
function totals(lines: readonly Shown[]): string {
  const isSet = ({ kind }: Shown): boolean => kind in SET_HEADS;
  const total = (what: string, some: readonly Shown[]): string => {
    const added = some.reduce((sum, line) => sum + line.added.length + line.moreAdded, 0);
    const removed = some.reduce((sum, line) => sum + line.removed.length + line.moreRemoved, 0);
    return `${countText(added, what)} to add, ${numberText(removed)} to remove`;
  };
  const [sets, chains] = [lines.filter(isSet), lines.filter((line) => !isSet(line))];
  return [
    ...(chains.length > 0 ? [total('rule', chains)] : []),
    ...(sets.length > 0 ? [total('set member', sets)] : []),
  ].join('; ');
}
