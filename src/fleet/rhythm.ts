/**
 * When a publication is due: after a change at once, but at most once a second; without a change every 10 minutes, as a
 * heartbeat; and 10 s after a failure. Times are those of the wall clock. The clock may be set back: a time that is
 * then in the future delays nothing.
 */

/** The shortest time between two publications with changes. */
const PUBLISH_EVERY_MS = 1_000;

/** The time between two publications without changes. */
export const HEARTBEAT_MS = 10 * 60_000;

const RETRY_MS = 10_000;

export class Rhythm {
  #published = -Infinity;
  #retryAt = -Infinity;

  /** When it is due, in milliseconds since 1970; `hasNews`: a change is not published yet. */
  due({ hasNews }: { readonly hasNews: boolean }): number {
    return Math.max(this.#published + (hasNews ? PUBLISH_EVERY_MS : HEARTBEAT_MS), this.#retryAt);
  }

  /** True for 10 s after a failure. */
  isResting(now: number): boolean {
    return now < this.#retryAt && now >= this.#retryAt - RETRY_MS;
  }

  /** True for a second after a publication. */
  isTooSoon(now: number): boolean {
    return now >= this.#published && now < this.#published + PUBLISH_EVERY_MS;
  }

  /** True if a heartbeat is due. */
  isSilent(now: number): boolean {
    return now < this.#published || now >= this.#published + HEARTBEAT_MS;
  }

  /** Notes the time of a publication. */
  notePublished(at: number): void {
    this.#published = at;
  }

  /** Notes a failure. */
  noteFailed(at: number): void {
    this.#retryAt = at + RETRY_MS;
  }
}
