/** Finds the instant from which on new connections come out otherwise than before. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome, Target } from './agent-messages.ts';
import { tryConnection } from './tcp.ts';

/** Between the beginnings of two connections: the grain of what is measured. */
const EVERY_MS = 2;

/**
 * A round trip in the lab takes under a millisecond, but where much else runs the server may wait for the processor far
 * longer, which is no silence; SYN is sent again after 1,000. What is found is not dated by it.
 */
const PATIENCE_MS = 900;

/**
 * Begins connections until one comes out as wanted. The time is that of its begin when it failed, which is when a
 * packet was first dropped, and that of its answer when it came through. Undefined when the limit passes first.
 */
export async function watchConnections(
  target: Target,
  wanted: Outcome,
  limitMs: number,
): Promise<number | undefined> {
  const deadline = performance.now() + limitMs;
  const found: { at?: number } = {};
  while (found.at === undefined && performance.now() < deadline) {
    const begun = now();
    void tryConnection(target, PATIENCE_MS).then((outcome) => {
      if (outcome === wanted) found.at ??= wanted === 'answered' ? now() : begun;
    });
    await delay(EVERY_MS);
  }
  return found.at;
}

/** Of the same clock in every process. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
