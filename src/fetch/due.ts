/**
 * When a list is asked for again. In: its note, the order, the clock and chance. Out: whether it is due, and the time
 * of the next try. A server that fails is asked ever less often, and hosts do not come all at once.
 */
import type { FetchedNote } from '../lists/fetched-note.ts';
import type { Order } from './orders.ts';

/** After the first failure; each further one doubles it, up to the pace of the list. */
const FIRST_PAUSE_MS = 5 * 60_000;

/** As long as a server may ask us to stay away. */
const LONGEST_PAUSE_MS = 24 * 3_600_000;

/** The part of a pause that chance takes away. */
const JITTER = 0.1;

interface Failed {
  /** In a row, with this one. */
  readonly failures: number;
  /** Milliseconds that the server asks for; 0: none. */
  readonly retryAfter: number;
  /** From 0 to 1. */
  readonly chance: number;
}

export function afterSuccess({ every }: Pick<Order, 'every'>, now: number, chance: number): number {
  return Math.round(now + every * 1000 * (1 - JITTER * chance));
}

export function afterFailure({ every }: Pick<Order, 'every'>, now: number, failed: Failed): number {
  const doubled = FIRST_PAUSE_MS * 2 ** Math.min(failed.failures - 1, 20);
  const pause = Math.min(doubled, every * 1000) * (1 - JITTER * failed.chance);
  return Math.round(now + Math.max(pause, Math.min(failed.retryAfter, LONGEST_PAUSE_MS)));
}

/** Whether to ask now; `note` is undefined where there is none of that URL. */
export function isDue(note: FetchedNote | undefined, { every }: Pick<Order, 'every'>, now: number): boolean {
  const { nextTry, triedAt, failures } = note ?? { nextTry: null, triedAt: null, failures: 0 };
  if (nextTry === null || triedAt === null || now >= nextTry) return true;
  // The clock was set back, or the list is to come more often than it was.
  return now < triedAt || (failures === 0 && now >= triedAt + every * 1000);
}

/** The milliseconds of a `Retry-After`: seconds or a date; 0 for what is neither. */
export function retryAfterOf(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
