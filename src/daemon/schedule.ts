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
    return Math.max(0, Math.min(SWEEP_MS, untilRetry, untilFull, this.#nextDue - wall));
  }
}
