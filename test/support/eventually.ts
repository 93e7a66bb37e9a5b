/** Waits for what other processes do, without fixed sleeps. */
import { setTimeout as delay } from 'node:timers/promises';

/** Before the second look. */
const FIRST_PAUSE_MS = 20;

/** Most looks start programs, and what is waited for needs the processor too: later on a look is for a tenth more. */
const GROWTH = 0.1;
const MAX_PAUSE_MS = 500;

/** Looks until `look` does not throw, and returns what it returned; when time is up, throws what it threw last. */
export async function eventually<T>(look: () => T | Promise<T>, limitMs = 120_000): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    try {
      return await look();
    } catch (error) {
      const waited = performance.now() - startedAt;
      if (waited >= limitMs) throw error;
      await delay(Math.min(MAX_PAUSE_MS, Math.max(FIRST_PAUSE_MS, waited * GROWTH)));
    }
  }
}
