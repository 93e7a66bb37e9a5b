/**
 * When a pass is due without anything new being seen. Waits are measured by a clock that nobody sets; ends of bans
 * are moments of the wall clock.
 */
import type { PassKind } from '../domain/pass-kind.ts';

/** Folders are read this often without any bell, so a lost event costs no more. */
const SWEEP_MS = 2_000;

/** After a failure: a second, doubled each time; as long as Felix waits at the most (its retry ticker). */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 10_000;

/** After a pass for news of peers, the next one for such news: who brings the files may touch them without end. */
const NEWS_EVERY_MS = 250;

/** The two clocks, in milliseconds. */
export interface Clocks {
  /** Since some start. */
  readonly steady: number;
  /** Since 1970. */
  readonly wall: number;
}

export interface Outcome {
  readonly kind: PassKind;
  /** When something ends by itself next, by the wall clock. */
  readonly nextDue: number;
  readonly failuresInARow: number;
  /** Failed in a way that the next try may mend. */
  readonly failed: boolean;
  /** Failed at the firewall or before it: bells must not make the tries more frequent. */
  readonly blocked: boolean;
}

export class Schedule {
  readonly #interval: number;
  #lastFull = -Infinity;
  #retryAt = Infinity;
  #blocked = false;
  #nextDue = Infinity;
  /** True while a pass is made for news of peers. */
  #isForNews = false;
  #nextNews = -Infinity;

  constructor(interval: number) {
    this.#interval = interval;
  }

  /** Notes how a pass ended. */
  note({ kind, nextDue, failuresInARow, failed, blocked }: Outcome, { steady }: Clocks): void {
    if (kind === 'full') this.#lastFull = steady;
    const wait = Math.min(FIRST_RETRY_MS * 2 ** (failuresInARow - 1), MAX_RETRY_MS);
    // A quick pass, for which there is always a reason, does not put the next try off.
    const planned = kind === 'quick' ? this.#retryAt : Infinity;
    this.#retryAt = failed ? Math.min(planned, steady + wait) : Infinity;
    this.#blocked = blocked;
    this.#nextDue = nextDue;
    if (this.#isForNews) this.#nextNews = steady + NEWS_EVERY_MS;
    this.#isForNews = false;
  }

  /** Notes that the pass which follows is made for news of peers. */
  noteNews(): void {
    this.#isForNews = true;
  }

  /** False for a moment after such a pass; what servers send does not wait for it. */
  mayHear({ steady }: Pick<Clocks, 'steady'>): boolean {
    return steady >= this.#nextNews;
  }

  /** True until the next try after a failure. */
  get isFailing(): boolean {
    return this.#retryAt !== Infinity;
  }

  /** What is due now; `blocked` when nothing may be, whatever is seen. */
  due({ steady, wall }: Clocks): PassKind | 'blocked' | undefined {
    if (steady >= this.#retryAt) return 'full';
    if (this.#blocked) return 'blocked';
    if (steady - this.#lastFull >= this.#interval) return 'full';
    return wall >= this.#nextDue ? 'quick' : undefined;
  }

  /** How long nothing will be due, in milliseconds. */
  wait({ steady, wall }: Clocks): number {
    const untilRetry = this.#retryAt - steady;
    if (this.#blocked) return Math.max(0, Math.min(SWEEP_MS, untilRetry));
    const untilFull = this.#lastFull + this.#interval - steady;
    const untilNews = this.mayHear({ steady }) ? Infinity : this.#nextNews - steady;
    return Math.max(0, Math.min(SWEEP_MS, untilRetry, untilFull, untilNews, this.#nextDue - wall));
  }
}
