/** A moment of the past as people write it on the command line: how long ago, or when. */
import type { Zone } from '../../domain/words.ts';
import { BanspoolError } from '../../system/error.ts';
import { quote } from '../../yaml/expected.ts';
import { parseDay, parseDuration, parseTime } from '../../yaml/time.ts';

interface Asked {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Of a date or a time without one. */
  readonly zone: Zone;
}

/** Milliseconds since 1970 of `2h` before now, of `2026-11-28`, or of `2026-11-28 14:05`. */
export function pastTime(option: string, text: string, { now, zone }: Asked): number {
  const length = text.startsWith('-') ? undefined : parseDuration(text);
  const time = length === undefined ? timeOf(text, zone) : now - length;
  if (time !== undefined) return time;
  throw new BanspoolError('usage', `${option}: ${quote(text)} is not a valid time`, {
    hint: 'use how long ago, such as 90m, 2h or 7d, or a date or time: 2026-11-28, "2026-11-28 14:05", 2026-11-28T14:05:00Z',
  });
}

function timeOf(text: string, zone: Zone): number | undefined {
  const shown = parseDay(text) ?? (LOCAL.test(text) ? parseTime(`${text}Z`) : undefined);
  if (shown === undefined) return parseTime(text);
  // The offset of a time that is near: where clocks change, that of the time itself.
  const near = shown - zone(shown).offset * MINUTE;
  return shown - zone(near).offset * MINUTE;
}

const LOCAL = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/;

const MINUTE = 60_000;
