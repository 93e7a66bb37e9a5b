/**
 * Files that were not whole when they were last read. They are read again when they changed or their time is over,
 * and after all else of their server: a server that never ends a file keeps nobody waiting, itself the least.
 */
interface Half {
  readonly stamp: string;
  /** In milliseconds since 1970. */
  readonly until: number;
}

export class Growing {
  /** By SERVER/NAME. */
  readonly #halves = new Map<string, Half>();

  /** Forgets those whose time is over: they are read as any other. */
  expire(now: number): void {
    for (const [place, { until }] of this.#halves) if (until <= now) this.#halves.delete(place);
  }

  note(place: string, half: Half): void {
    this.#halves.set(place, half);
  }

  forget(place: string): void {
    this.#halves.delete(place);
  }

  has(place: string): boolean {
    return this.#halves.has(place);
  }

  /** True when there is nothing more to read of it. */
  isUnchanged(place: string, stamp: string | undefined): boolean {
    return stamp !== undefined && this.#halves.get(place)?.stamp === stamp;
  }

  /** The same entries with these last, and how many come before them. */
  order<T extends { readonly name: string }>(
    server: string,
    entries: readonly T[],
  ): { readonly entries: readonly T[]; readonly others: number } {
    if (this.#halves.size === 0) return { entries, others: entries.length };
    const isHalf = ({ name }: T): boolean => this.#halves.has(`${server}/${name}`);
    const others = entries.filter((entry) => !isHalf(entry));
    return { entries: [...others, ...entries.filter(isHalf)], others: others.length };
  }

  /** When the first of them will have stood still for too long; Infinity when there is none. */
  get nextGiveUp(): number {
    let next = Infinity;
    for (const { until } of this.#halves.values()) next = Math.min(next, until);
    return next;
  }
}
