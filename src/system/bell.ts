/** Lets a loop sleep until something rings or time is up. A ring while nobody waits is not lost. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at once when it was rung since the last wait. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.#rung && milliseconds > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(milliseconds, MAX_TIMEOUT_MS));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    } else {
      // Timers and signals get their turn even when the bell never stops.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#rung = false;
  }
}

/** A longer timeout overflows and fires at once (Node, setTimeout). */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
