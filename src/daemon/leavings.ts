/** When a controller collects garbage: V8 does so only when more is asked for, and at rest nothing is. */

/** What so many claims leave behind when they change is worth the moment that collecting it takes. */
const MANY_CHANGES = 10_000;

/** What a start leaves behind is collected this long after its first pass, when figures and page are made too. */
const START_OVER_MS = 10_000;

export class Leavings {
  readonly #collect: () => void;
  readonly #startOverMs: number;
  #changes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(collect: () => void, startOverMs = START_OVER_MS) {
    this.#collect = collect;
    this.#startOverMs = startOverMs;
  }

  /** The first pass is over. */
  started(): void {
    this.#timer = setTimeout(this.#collect, this.#startOverMs);
  }

  /** So many claims changed, or were read. */
  changed(claims: number): void {
    this.#changes += claims;
  }

  /** Between two passes. */
  rest(): void {
    if (this.#changes < MANY_CHANGES) return;
    this.stop();
    this.#changes = 0;
    this.#collect();
  }

  /** Leaves out what the start left behind. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
