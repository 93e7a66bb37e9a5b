/**
 * When a publication is due: at once where something changed, but at most once a second; where nothing did, so often
 * that peers know that this firewall lives; and some time after a failure. Moments are those of the wall clock, which
 * may be set back: nothing waits for a time that a clock which was ahead has left behind.
 */

/** What changes is published at most this often. */
const PUBLISH_EVERY_MS = 1_000;

/** Where nothing changed, it is said again this often that this firewall lives. */
export const HEARTBEAT_MS = 10 * 60_000;

const RETRY_MS = 10_000;

export class Rhythm {
  #published = -Infinity;
  #retryAt = -Infinity;

  /** In milliseconds since 1970; `hasNews` where something is not published yet. */
  due({ hasNews }: { readonly hasNews: boolean }): number {
    return Math.max(this.#published + (hasNews ? PUBLISH_EVERY_MS : HEARTBEAT_MS), this.#retryAt);
  }

  /** True for some time after a failure. */
  isResting(now: number): boolean {
    return now < this.#retryAt && now >= this.#retryAt - RETRY_MS;
  }

  /** True where something was published a moment ago. */
  isTooSoon(now: number): boolean {
    return now >= this.#published && now < this.#published + PUBLISH_EVERY_MS;
  }

  /** True where nothing was published for so long that peers are to be told that this firewall lives. */
  isSilent(now: number): boolean {
    return now < this.#published || now >= this.#published + HEARTBEAT_MS;
  }

  /** Notes that something was published then. */
  notePublished(at: number): void {
    this.#published = at;
  }

  /** Notes a failure. */
  noteFailed(at: number): void {
    this.#retryAt = at + RETRY_MS;
  }
}
