/**
 * Long work beside the passes of a controller, in slices of some milliseconds: between two of them others have their
 * turn, and a pass that is under way comes to its end first, so that no ban waits for it.
 */
import { setImmediate, setTimeout as delay } from 'node:timers/promises';

/** Work that nobody else has a turn in. A single step may take as long again. */
const SLICE_MS = 5;

/** While a pass is under way. */
const PAUSE_MS = 20;

/** Thrown where the work is no longer wanted. */
export class Stopped extends Error {}

/** To be waited for between two steps. */
export type Turn = () => Promise<void>;

interface TurnOptions {
  /** True while a pass is under way. */
  readonly isPassing: () => boolean;
  readonly isStopped: () => boolean;
}

/** Lets others have their turn once a slice is over. */
export function turns({ isPassing, isStopped }: TurnOptions): Turn {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < SLICE_MS && !isPassing()) return;
    await setImmediate();
    while (isPassing() && !isStopped()) await delay(PAUSE_MS);
    if (isStopped()) throw new Stopped();
    begun = performance.now();
  };
}

/** What the work returns; `turn` is waited for wherever it yields. */
export async function inSlices<T>(work: Generator<undefined, T>, turn: Turn): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await turn();
  }
}
