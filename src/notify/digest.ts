/** The daily digest: what happened since the last one, from the tally, and how things stand. Pure. */
import { countText, numberText, timeText, durationText } from '../domain/words.ts';
import { isServerName } from '../domain/origin.ts';
import type { StatusRecord } from '../status/status-record.ts';
import type { Look, Manner } from './decide.ts';
import { alarmTitle } from './fact.ts';
import { clean, type Message } from './message.ts';
import type { NotifyState } from './state.ts';
import type { Tally } from './tally.ts';

/** Rows of a table. */
const MOST_ROWS = 10;

const MINUTE_MS = 60_000;

/** The last time at which a digest was due, at so many minutes after midnight by the local clock. */
export function lastDigestDue(minutes: number, now: number): number {
  const at = (days: number): number => {
    const day = new Date(now);
    day.setDate(day.getDate() - days);
    day.setHours(Math.floor(minutes / 60), minutes % 60, 0, 0);
    return day.getTime();
  };
  const today = at(0);
  return today <= now ? today : at(1);
}

/** The digest of now. */
export function digestMessage(
  state: Pick<NotifyState, 'tally' | 'standing'>,
  { now, record }: Pick<Look, 'now' | 'record'>,
  { name, zone, id }: Pick<Manner, 'name' | 'zone'> & { readonly id: number },
): Message {
  const { tally } = state;
  const wrong = Object.values(state.standing).filter(({ isTold }) => isTold);
  const isObserving = record?.mode === 'observe';
  const well = isObserving ? 'observing: nothing is enforced' : 'all is well';
  const verdict = wrong.length === 0 ? well : wrong.map(({ alarm }) => alarmTitle(alarm)).join(', ');
  const banned = countText(tally.banned, 'ban');
  return {
    ...{ id: `${id}`, at: now, kind: 'digest', level: wrong.length === 0 ? 'info' : 'alarm', facts: [] },
    subject: clean(`${name}: ${banned} in ${durationText(roundly(now - tally.since))}, ${verdict}`, 200),
    lines: [
      `Now: ${clean(verdict)}`,
      ...nowLines(record, now),
      ...wrong.flatMap(({ alarm }) => alarm.lines.map((line) => `  ${line}`)),
      '',
      `Since ${timeText(tally.since, zone)}: ${banned}, ${numberText(tally.ended)} ended`,
      ...(tally.isPartial ? ['  some events are missing: the counts are too low'] : []),
      ...table('Bans by server and jail', tally.bannedBy),
      ...table('Addresses that were banned most often', repeated(tally.addresses)),
      ...table('Changes by other programs, undone', tally.drift),
      ...table('Refused files by server', tally.refused),
      ...list('Edits of policy.yaml', tally.policy),
      ...list('What was wrong', tally.alarms),
    ],
  };
}

function nowLines(record: StatusRecord | undefined, now: number): readonly string[] {
  if (record === undefined) return ['  the controller has written no status.json'];
  const servers = record.servers.filter(({ name }) => isServerName(name));
  const last = servers.flatMap(({ name, lastHeard }) =>
    lastHeard === null ? [] : [`${name} ${durationText(roundly(Math.max(0, now - Date.parse(lastHeard))))}`],
  );
  const shown = last.slice(0, 2 * MOST_ROWS);
  const left = last.length - shown.length;
  return [
    `  ${countText(record.bans, 'ban')} ${record.mode === 'observe' ? 'would be in force, and nothing is enforced' : 'in force'}, of ${countText(servers.length, 'server')}`,
    ...(shown.length === 0
      ? []
      : [`  last heard before: ${shown.join(', ')}${left === 0 ? '' : `, and ${left} more`}`]),
  ];
}

/** All that were banned once say nothing. */
function repeated(addresses: Tally['addresses']): Tally['addresses'] {
  return Object.fromEntries(Object.entries(addresses).filter(([, count]) => count > 1));
}

function table(title: string, rows: Readonly<Record<string, number>>): readonly string[] {
  const sorted = Object.entries(rows).sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  const shown = sorted.slice(0, MOST_ROWS);
  const left = sorted.slice(MOST_ROWS).reduce((sum, [, count]) => sum + count, 0);
  const all: readonly (readonly [string, number])[] =
    left === 0 ? shown : [...shown, ['and all others', left]];
  const width = Math.max(0, ...all.map(([, count]) => numberText(count).length));
  return list(
    title,
    all.map(([row, count]) => `${numberText(count).padStart(width)}  ${row}`),
  );
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function roundly(length: number): number {
  return length < MINUTE_MS ? Math.ceil(length / 1000) * 1000 : Math.round(length / MINUTE_MS) * MINUTE_MS;
}
