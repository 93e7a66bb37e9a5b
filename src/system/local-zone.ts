/**
 * The zone that people on this machine live in, as date(1) has it: of TZ, or of /etc/localtime. How far it is from
 * UTC Node knows. It has no short name for most zones, and Intl costs 9 MB and 12 ms to say so; the last line of
 * a zone's file has the names that are in use, such as `CET-1CEST,M3.5.0,M10.5.0/3` (tzfile(5)).
 */
import { readFileSync } from 'node:fs';
import type { Zone } from '../domain/words.ts';
import { orElse } from './or-else.ts';

/** The zone of a process with this environment, read when the first time is told. */
export function localZone(env: NodeJS.ProcessEnv): Zone {
  let names: ReadonlyMap<number, string> | undefined;
  return (time) => {
    // The other way round, with a zero that has a sign.
    const offset = 0 - new Date(time).getTimezoneOffset();
    names ??= zoneNames(lastLineOf(fileOf(env['TZ'])));
    return { offset, name: names.get(offset) ?? offsetName(offset) };
  };
}

/** The names of a zone by their minutes ahead of UTC, of a text such as `CET-1CEST,M3.5.0`, where west is positive. */
export function zoneNames(text: string): ReadonlyMap<number, string> {
  const [, ...found] = RULE.exec(text) ?? [];
  const [standard, west, summer, summerWest] = found;
  if (standard === undefined || west === undefined) return new Map();
  const ahead = 0 - minutesOf(west);
  const summerAhead = summerWest === undefined ? ahead + 60 : 0 - minutesOf(summerWest);
  return new Map([
    [ahead, bare(standard)],
    ...(summer === undefined ? [] : [[summerAhead, bare(summer)] as const]),
  ]);
}

const NAME = String.raw`(<[A-Za-z0-9+-]{3,10}>|[A-Za-z]{3,10})`;
const HOURS = String.raw`([+-]?\d{1,3}(?::\d\d){0,2})`;
const RULE = new RegExp(`^${NAME}${HOURS}(?:${NAME}${HOURS}?(?:,.*)?)?$`);

function bare(name: string): string {
  return name.replace(/^<|>$/g, '');
}

/** Of `-5:45`. */
function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (60 * hours + minutes);
}

/** `+0545`, as date(1) has it where a zone has no letters. */
function offsetName(offset: number): string {
  if (offset === 0) return 'UTC';
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${offset < 0 ? '-' : '+'}${[hours, minutes].map((part) => String(part).padStart(2, '0')).join('')}`;
}

/** Undefined where TZ is no name of a zone; Node then counts in UTC. */
function fileOf(zone: string | undefined): string | undefined {
  if (zone === undefined) return '/etc/localtime';
  const name = zone.replace(/^:/, '');
  return ZONE_NAME.test(name) ? `/usr/share/zoneinfo/${name}` : undefined;
}

const ZONE_NAME = /^[A-Za-z][\w+-]*(?:\/[A-Za-z][\w+-]*)*$/;

function lastLineOf(path: string | undefined): string {
  if (path === undefined) return '';
  return orElse(() => readFileSync(path, 'latin1').trimEnd().split('\n').at(-1) ?? '', '');
}
