/** Waits for what other processes do, without fixed sleeps. */
import { setTimeout as delay } from 'node:timers/promises';

/** Before the second look. */
const FIRST_PAUSE_MS = 20;

/** Most looks start programs, and what is waited for needs the processor too: later on a look is for a tenth more. */
const GROWTH = 0.1;

/** How many times as long as a look took nobody looks: those who wait take a quarter of a processor at the most. */
const REST = 3;
const MAX_PAUSE_MS = 500;

/** Looks until `look` does not throw, and returns what it returned; when time is up, throws what it threw last. */
export async function eventually<T>(look: () => T | Promise<T>, limitMs = 120_000): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    const lookedAt = performance.now();
    try {
      return await look();
    } catch (error) {
      const now = performance.now();
      if (now - startedAt >= limitMs) throw error;
      const pause = Math.max(FIRST_PAUSE_MS, (now - startedAt) * GROWTH, (now - lookedAt) * REST);
      await delay(Math.min(MAX_PAUSE_MS, pause));
    }
  }
}
