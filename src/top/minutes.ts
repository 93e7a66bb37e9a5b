/** Bans a minute, counted from events as they come. It keeps the last hours, however many bans they had. */
import type { FeedEvent } from '../feed/event.ts';

const MINUTE_MS = 60_000;

/** As wide as any terminal. */
const KEPT = 500;

export class Minutes {
  readonly #counts = new Map<number, number>();

  /** Counts an event; what is no ban counts nothing. */
  add(event: FeedEvent): void {
    const bans = bansOf(event);
    const minute = Math.floor(Date.parse(event.time) / MINUTE_MS);
    if (bans === 0 || Number.isNaN(minute)) return;
    this.#counts.set(minute, (this.#counts.get(minute) ?? 0) + bans);
    if (this.#counts.size > 2 * KEPT) this.#forget(minute);
  }

  /** Of the last minutes until then, oldest first. */
  until(now: number): readonly number[] {
    const last = Math.floor(now / MINUTE_MS);
    return Array.from({ length: KEPT }, (_, index) => this.#counts.get(last - KEPT + 1 + index) ?? 0);
  }

  #forget(newest: number): void {
    for (const minute of this.#counts.keys()) if (minute <= newest - KEPT) this.#counts.delete(minute);
  }
}

function bansOf(event: FeedEvent): number {
  if (event.kind === 'banned') return 1;
  return event.kind === 'more' && event.of === 'banned' ? event.count : 0;
}
