/** Waits until nobody changes a table for a moment: whoever empties one is often about to fill it again. */
import { setTimeout as delay } from 'node:timers/promises';

/** From one command of a script to the next it is some milliseconds, with a sleep between them a hundred. */
const QUIET_MS = 200;

/** Nobody is let through for longer, whatever goes on. */
const MAX_WAIT_MS = 2_000;

const LOOK_EVERY_MS = 40;

/** Resolves when `list` gave the same for long enough, counters aside. */
export async function untilQuiet(list: () => Promise<string>): Promise<void> {
  const deadline = performance.now() + MAX_WAIT_MS;
  let seen = withoutCounters(await list());
  let since = performance.now();
  while (performance.now() - since < QUIET_MS && performance.now() < deadline) {
    await delay(LOOK_EVERY_MS);
    const now = withoutCounters(await list());
    if (now === seen) continue;
    seen = now;
    since = performance.now();
  }
}

function withoutCounters(listing: string): string {
  return listing.replace(/ -c \d+ \d+/g, '');
}
