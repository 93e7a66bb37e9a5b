/** What a replay found, as people read it: sums, tables of what differs, and the addresses. Pure. */
import { printable } from '../../domain/printable.ts';
import { countText, durationText, numberText, timeText, type Zone } from '../../domain/words.ts';
import type { Different, Replayed, Sum, Sums, Why } from '../../replay/replayed.ts';
import { isBan, ruleText } from '../../replay/rule.ts';
import { cutList, fitTable, type Column } from './fit-table.ts';

interface TextOptions {
  /** `the policy that was in force`. */
  readonly against: string;
  readonly zone: Zone;
  readonly width: number;
  /** How many addresses are shown of each kind. */
  readonly most: number;
}

/** Lines; a head of each part stands behind an empty one. */
export function replayText(found: Replayed, options: TextOptions): readonly string[] {
  const { zone, against, width } = options;
  const { before, after } = found.total;
  const addresses = countText(after.addresses, 'address', 'addresses');
  return [
    `${timeText(found.since, zone)} to ${timeText(found.until, zone)}, ${countText(found.commits, 'commit')}, against ${against}`,
    `banned: ${addresses} (${changeText(after.addresses - before.addresses)}) for ${hoursText(after.time)} h (${hoursChange({ before, after })} h)`,
    ...sumsTable('JAIL', Array.from(found.jails), width),
    ...sumsTable('SERVER', Array.from(found.servers), width),
    ...rulesTable(found, width),
    ...differentTable(found.letIn, { ...options, head: 'would not have been banned' }),
    ...differentTable(found.banned, { ...options, head: 'would have been banned' }),
  ];
}

/** What the history does not say, in sentences. */
export function gapsText({ beginsAt, isShallow, gaps }: Replayed, zone: Zone): readonly string[] {
  const { unreadable, misdated, late, latest, policies } = gaps;
  const shallow = isShallow ? ', since it is a shallow clone' : '';
  return [
    ...(beginsAt === undefined
      ? []
      : [`the history begins at ${timeText(beginsAt, zone)}${shallow}: nothing before that is replayed`]),
    ...(unreadable > 0
      ? [`${countText(unreadable, 'line')} of the history cannot be read and ${are(unreadable)} left out`]
      : []),
    ...(misdated > 0
      ? [
          `${countText(misdated, 'commit')} ${are(misdated)} out of order in time, and taken at the time of the one before`,
        ]
      : []),
    ...(late > 0
      ? [
          `${countText(late, 'ban')} came up to ${durationText(Math.round(latest / 60_000) * 60_000)} after the beginning: late files, or commits that were joined`,
        ]
      : []),
    ...(policies > 0
      ? [
          `${countText(policies, 'version')} of policy.yaml cannot be read; the one before is taken for in force`,
        ]
      : []),
  ];
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}

const SUM_COLUMNS: readonly Column[] = [
  { head: 'ADDRESSES', need: undefined, isNumber: true },
  { head: 'CHANGE', need: undefined, isNumber: true },
  { head: 'HOURS', need: undefined, isNumber: true },
  { head: 'CHANGE', need: undefined, isNumber: true },
];

/** Those with most hours first. */
function sumsTable(
  head: string,
  sums: readonly (readonly [string, Sums])[],
  width: number,
): readonly string[] {
  if (sums.length === 0) return [];
  const columns = [{ head, need: undefined, least: 10 }, ...SUM_COLUMNS];
  const rows = [...sums].sort(([, a], [, b]) => b.after.time - a.after.time || b.before.time - a.before.time);
  return [
    '',
    ...fitTable(
      columns,
      rows.map(([name, each]) => [name, ...sumCells(each)]),
      width,
    ),
  ];
}

function rulesTable({ rules }: Replayed, width: number): readonly string[] {
  if (rules.length === 0) return [];
  const columns = [{ head: 'RULE', need: undefined, least: 20 }, { head: 'EFFECT', need: 1 }, ...SUM_COLUMNS];
  const rows = [...rules].sort((a, b) => b.after.time - a.after.time || b.before.time - a.before.time);
  const cells = rows.map(({ rule, ...sums }) => [
    printable(ruleText(rule)),
    isBan(rule) ? 'bans' : 'exempts',
    ...sumCells(sums),
  ]);
  return ['', ...fitTable(columns, cells, width)];
}

function sumCells({ before, after }: Sums): readonly string[] {
  const [addresses, change] = [numberText(after.addresses), changeText(after.addresses - before.addresses)];
  return [addresses, change, hoursText(after.time), hoursChange({ before, after })];
}

/** `+12`, `-3`, `0`. */
function changeText(change: number): string {
  return change === 0 ? '0' : `${change > 0 ? '+' : '-'}${numberText(Math.abs(change))}`;
}

function hoursChange({ before, after }: { readonly before: Sum; readonly after: Sum }): string {
  const change = after.time - before.time;
  return change === 0 ? '0' : `${change > 0 ? '+' : '-'}${hoursText(Math.abs(change))}`;
}

const HOUR = 3_600_000;

/** Fewer than ten with a tenth. */
function hoursText(time: number): string {
  const hours = time / HOUR;
  return hours < 9.95 && hours > 0 ? hours.toFixed(1) : numberText(Math.round(hours));
}

const DIFFERENT_COLUMNS: readonly Column[] = [
  { head: 'ADDRESS', need: undefined },
  { head: 'HOURS', need: undefined, isNumber: true },
  { head: 'JAILS', need: 3, least: 8, cut: cutList },
  { head: 'SERVERS', need: 1, least: 8, cut: cutList },
  { head: 'WHY', need: 2, least: 20 },
];

function differentTable(
  different: readonly Different[],
  { head, most, width }: TextOptions & { readonly head: string },
): readonly string[] {
  const count = countText(different.length, 'address', 'addresses');
  const shown = different.slice(0, most);
  const cut =
    different.length > most ? `; the ${numberText(most)} with the most hours (--all shows all)` : '';
  if (different.length === 0) return ['', `${head}: ${count}`];
  const rows = shown.map(({ ip, time, jails, servers, why }) => [
    ...[
      ip.text,
      hoursText(time),
      jails.join(', '),
      servers.join(', '),
      why === undefined ? '' : printable(whyText(why)),
    ],
  ]);
  return ['', `${head}: ${count}${cut}`, ...fitTable(DIFFERENT_COLUMNS, rows, width)];
}

/** `jails of web1`; of what only the policy before has, `without deny 198.51.100.0/24`. */
export function whyText({ rule, of }: Why): string {
  return of === 'after' ? ruleText(rule) : `without ${ruleText(rule)}`;
}
