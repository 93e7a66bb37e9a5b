/** How what is said of a whole jail is joined to its record. Idempotent, and in any order. */
import type { Jail } from './claim.ts';

/** A stop this long after a flush shows that fail2ban was stopping; a flush alone is an operator's unban --all. */
export const FLUSH_GRACE_MS = 10_000;

/** Flushes and stops remembered of a jail: several come with each restart of fail2ban, and all may come twice. */
const MAX_REMEMBERED = 16;

/** Keeps the newer scope; of two as new always the same one. */
export function joinScope(jail: Jail, scope: NonNullable<Jail['scope']>): Jail {
  const old = jail.scope;
  if (old !== undefined && old.said > scope.said) return jail;
  if (old?.said === scope.said && `${old.ports} ${old.protocols}` >= `${scope.ports} ${scope.protocols}`)
    return jail;
  return { ...jail, scope };
}

/** Remembers a flush; one that comes again keeps its first arrival. */
export function joinFlush(jail: Jail, flush: Jail['flushes'][number]): Jail {
  if (jail.flushes.some(({ time }) => time === flush.time)) return jail;
  const flushes = [...jail.flushes, flush].sort((a, b) => b.time - a.time);
  return { ...jail, flushes: flushes.slice(0, MAX_REMEMBERED) };
}

/** Remembers a stop. */
export function joinStop(jail: Jail, time: number): Jail {
  if (jail.stops.includes(time)) return jail;
  return { ...jail, stops: [...jail.stops, time].sort((a, b) => b - a).slice(0, MAX_REMEMBERED) };
}

/** Remembers the newest snapshot. */
export function joinSnapshot(jail: Jail, time: number): Jail {
  return jail.snapshot !== undefined && jail.snapshot >= time ? jail : { ...jail, snapshot: time };
}

/** Bans heard at or before this moment were flushed; -Infinity when none were. */
export function flushedUntil(jail: Jail, now: number): number {
  const real = jail.flushes.find(
    (flush) => !isStopping(jail, flush) && now >= flush.arrived + FLUSH_GRACE_MS,
  );
  return real?.time ?? -Infinity;
}

/** When the last of the flushes that count by now began to; -Infinity when none do. */
export function lastFlush(jail: Jail, now: number): number {
  const counting = jail.flushes
    .filter((flush) => !isStopping(jail, flush) && now >= flush.arrived + FLUSH_GRACE_MS)
    .map((flush) => flush.arrived + FLUSH_GRACE_MS);
  return Math.max(...counting, -Infinity);
}

/** When a flush that still waits for its stop counts; Infinity when none waits. */
export function nextFlush(jail: Jail, now: number): number {
  const waiting = jail.flushes
    .filter((flush) => !isStopping(jail, flush) && now < flush.arrived + FLUSH_GRACE_MS)
    .map((flush) => flush.arrived + FLUSH_GRACE_MS);
  return Math.min(...waiting, Infinity);
}

/** Of a flush from before all stops that are remembered nobody knows: what would lift bans has to be certain. */
function isStopping(jail: Jail, flush: Jail['flushes'][number]): boolean {
  if (jail.stops.length === MAX_REMEMBERED && flush.time < (jail.stops.at(-1) ?? 0)) return true;
  return jail.stops.some((stop) => stop >= flush.time && stop <= flush.time + FLUSH_GRACE_MS);
}
