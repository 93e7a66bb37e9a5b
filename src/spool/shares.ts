/**
 * Shares the time of reading among the servers with something waiting: next is always one that was read for the
 * shortest time, so that a flood from one, or dear files, delay no others.
 */
export class Shares {
  readonly #used = new Map<string, number>();

  /**
   * Forgets all but the crowd, whose files wait since an earlier reading; whoever joins them comes first, and no
   * more.
   */
  attend(servers: readonly string[], crowd: ReadonlySet<string>): void {
    for (const server of this.#used.keys()) if (!crowd.has(server)) this.#used.delete(server);
    const least = Math.min(...this.#used.values());
    const first = Number.isFinite(least) ? least - 1 : 0;
    for (const server of servers) if (!this.#used.has(server)) this.#used.set(server, first);
  }

  /** A server was read for so many milliseconds. */
  charge(server: string, milliseconds: number): void {
    this.#used.set(server, (this.#used.get(server) ?? 0) + Math.min(milliseconds, MOST_MS));
  }

  /** The one with the smallest share so far; of equal ones the first. Undefined of none. */
  next(servers: Iterable<string>): string | undefined {
    let found: string | undefined;
    let least = Infinity;
    for (const server of servers) {
      const used = this.#used.get(server) ?? 0;
      if (used < least) [found, least] = [server, used];
    }
    return found;
  }
}

/** The dearest file takes less; what is more is a pause of this process, for which no server is to pay. */
const MOST_MS = 50;
