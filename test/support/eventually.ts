/** Waits for what other processes do, without fixed sleeps. */
import { setTimeout as delay } from 'node:timers/promises';

/** Between two looks: most of them start a program, and the one that is waited for needs the processor too. */
const POLL_MS = 20;

/** Looks until `look` does not throw, and returns what it returned; when time is up, throws what it threw last. */
export async function eventually<T>(look: () => T | Promise<T>, limitMs = 20_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await delay(POLL_MS);
  }
}
