/** What was seen and what a person chose, as what the screen shows: texts and tables, without their places. */
import { preventsConvergence } from '../domain/conditions.ts';
import { observeText } from '../config/mode.ts';
import { agoText, countText, numberText, timeText } from '../domain/words.ts';
import { clockText } from './amounts.ts';
import { bansTable } from './tables/bans-table.ts';
import { eventsTable } from './tables/events-table.ts';
import { span, type Line, type Span } from './line.ts';
import type { Seen } from './seen.ts';
import { peersTable, serversTable } from './tables/servers-table.ts';
import type { Rows } from './tables/table.ts';
import type { View } from './view.ts';

/** A table with its title, and what is said instead where it has no rows. */
export interface Panel extends Rows {
  readonly title: string;
  readonly note: string;
  /** Of the rows that there are, shown or not. */
  readonly total: number;
  readonly empty: string;
}

export interface Screen {
  readonly verdict: Line;
  /** At the right of the same line, as many as there is room for. */
  readonly moment: readonly Span[];
  /** What is wrong, the worst first. */
  readonly alerts: readonly Line[];
  readonly minutes: readonly number[];
  /** From what may stand beside them to less, for who has no room. */
  readonly minutesNotes: readonly string[];
  readonly top: Panel;
  readonly servers: Panel;
  /** Undefined where there are none. */
  readonly peers: Panel | undefined;
  readonly events: Panel;
  readonly footer: Line;
}

/** `rows`: as many as any table can show; more are not made. */
export function makeScreen(seen: Seen, view: View, rows: number): Screen {
  return {
    verdict: verdictLine(seen),
    moment: momentSpans(seen, view),
    alerts: alertLines(seen),
    minutes: seen.minutes,
    minutesNotes: minutesNotes(seen.minutes),
    top: bansTable(seen, view, rows),
    servers: serversTable(seen, view, rows),
    peers: peersTable(seen, view, rows),
    events: eventsTable(seen, view, rows),
    footer: footerLine(view),
  };
}

function verdictLine({ status }: Seen): Line {
  const word = status.converged ? 'converged' : 'not converged';
  const style = status.converged ? (status.healthy ? 'good' : 'warning') : 'bad';
  const isObserving = status.mode === 'observe';
  const counts = [
    ...(isObserving ? [] : [countText(status.bans, 'ban')]),
    countText(status.claims, 'claim'),
    ...(status.refused > 0 ? [`${numberText(status.refused)} refused`] : []),
    ...(status.waiting > 0 ? [`${numberText(status.waiting)} waiting`] : []),
  ];
  if (isObserving && status.converged)
    return [span(observeText(status.bans), 'warning'), span(`  ${counts.join(', ')}`)];
  return [span(word, style), span(`  ${counts.join(', ')}`)];
}

function momentSpans({ now, zone, checkedAt, host }: Seen, { isPaused }: View): readonly Span[] {
  const checked = checkedAt === undefined ? 'never checked' : `checked ${agoText(checkedAt, now)}`;
  const clock = `${clockText(now, zone)} ${zone(now).name}`;
  return [span(checked), isPaused ? span(`paused at ${clock}`, 'warning') : span(clock), span(host, 'dim')];
}

function alertLines({ status, zone }: Seen): readonly Line[] {
  const wrong = status.conditions.filter((condition) => condition.status === 'False');
  const worstFirst = [
    ...wrong.filter(({ type }) => preventsConvergence(type)),
    ...wrong.filter(({ type }) => !preventsConvergence(type)),
  ];
  return [
    ...worstFirst.map(({ type, reason, message }): Line => {
      const style = preventsConvergence(type) ? 'bad' : 'warning';
      return [span(type, style), span(` is false (${reason}): ${message}`)];
    }),
    ...status.unconfirmed.map(({ what, until }): Line => {
      const end = timeText(Date.parse(until), zone);
      return [span('tried', 'warning'), span(` ${what}: undone at ${end} unless banspool confirm keeps it`)];
    }),
  ];
}

const HOUR = 60;

function minutesNotes(minutes: readonly number[]): readonly string[] {
  const hour = minutes.slice(-HOUR).reduce((sum, count) => sum + count, 0);
  const hourText = `${numberText(hour)} in 60 min`;
  return [`${numberText(minutes.at(-1) ?? 0)} this minute, ${hourText}`, hourText, ''];
}

function footerLine(view: View): Line {
  if (view.isTyping)
    return [
      span('filter: ', 'key'),
      span(view.filter),
      span('_', 'key'),
      span('   enter keeps it, esc removes it', 'dim'),
    ];
  const keys: readonly (readonly [string, string])[] = [
    ['q', 'quit'],
    ['?', 'help'],
    ['/', 'filter'],
    ['s', 'sort'],
    ['p', view.isPaused ? 'go on' : 'pause'],
    ['tab', 'next view'],
  ];
  const hints = keys.flatMap(([key, does]) => [span(key, 'key'), span(` ${does}   `, 'dim')]);
  return view.filter === '' ? hints : [...hints, span(`filter: ${view.filter}`, 'warning')];
}
