/** Times and amounts in the words that all output shares. */
import { hasPorts, parseProtocols } from './protocol.ts';

/** What clocks show somewhere at a time in milliseconds since 1970: the minutes ahead of UTC, and the name of that. */
export type Zone = (time: number) => { readonly offset: number; readonly name: string };

/** What is kept, logged, or read by programs is in it. */
export const UTC: Zone = () => ({ offset: 0, name: 'UTC' });

/** `2026-11-22 14:05:09 UTC`. */
export function timeText(time: number, zone = UTC): string {
  const { offset, name } = zone(time);
  return `${digitsOf(time + offset * MINUTE)} ${name}`;
}

/** The same to the minute, for columns: `2026-11-22 15:05 CET`. */
export function minuteText(time: number, zone = UTC): string {
  const { offset, name } = zone(time);
  return `${digitsOf(time + offset * MINUTE).slice(0, -':SS'.length)} ${name}`;
}

function digitsOf(time: number): string {
  return new Date(time).toISOString().slice(0, -'.MSSZ'.length).replace('T', ' ');
}

/** An end: a time, or `until unbanned`. */
export function untilText(until: number, zone = UTC): string {
  return until === Infinity ? 'until unbanned' : `until ${timeText(until, zone)}`;
}

/** `3 min ago`; `now` for less than a second, and for what is yet to come. */
export function agoText(time: number, now: number): string {
  return now - time < SECOND ? 'now' : `${roughly(now - time)} ago`;
}

/** `in 1 h 30 min`; `now` for less than a second, and for what is over. */
export function inText(time: number, now: number): string {
  return time - now < SECOND ? 'now' : `in ${roughly(time - now)}`;
}

/** `1 h 30 min`, `2 d 4 h`, `45 s`, `250 ms`: exact, but for parts of a millisecond, and of a second in longer ones. */
export function durationText(milliseconds: number): string {
  if (milliseconds < SECOND) return `${Math.round(milliseconds)} ms`;
  const parts = partsOf(milliseconds).map(([count, unit]) => `${count} ${unit}`);
  return parts.join(' ');
}

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

const UNITS = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
  [SECOND, 's'],
] as const;

/** How many of each unit, largest first, without those of which there are none. */
function partsOf(milliseconds: number): readonly (readonly [number, string])[] {
  let left = milliseconds;
  const parts = UNITS.map(([length, unit]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return [count, unit] as const;
  });
  return parts.filter(([count]) => count > 0);
}

/** To the second unit that is told at the most: nobody asks for the seconds of days. */
function roughly(milliseconds: number): string {
  const first = UNITS.findIndex(([length]) => milliseconds >= length);
  const smallest = UNITS[Math.min(first + 1, UNITS.length - 1)]?.[0] ?? SECOND;
  return durationText(Math.round(milliseconds / smallest) * smallest);
}

/** `2,000`. Not by toLocaleString, whose tables stay in memory for good: 6 MB of an idle controller's 66 (Node 20). */
export function numberText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 ban`, `2,000 bans`; `many` where that is not `one` with an s. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

/** `22,2222/tcp`, `all tcp ports`, `all ports`; a protocol without ports is `all icmp`. Both texts are canonical. */
export function portsText(protocols: string, ports: string): string {
  const names: readonly string[] = parseProtocols(protocols) ?? protocols.split(',');
  if (names.includes('all')) return 'all ports';
  const withPorts = names.filter(hasPorts).join(',');
  const others = names.filter((name) => !hasPorts(name)).map((name) => `all ${name}`);
  if (withPorts === '') return others.join(', ');
  return [ports === 'all' ? `all ${withPorts} ports` : `${ports}/${withPorts}`, ...others].join(', ');
}
