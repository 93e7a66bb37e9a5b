/** Waits for something for so long and no longer, or for all of several. */

export const LATE = Symbol('late');

/**
 * What comes next starts after that. One after the other they need one helper that starts programs; side by side only
 * where that would take long.
 */
export const HEAD_START_MS = 300;

/** What it came to, or LATE; what comes after that, an error too, is nobody's. */
export async function withPatience<T>(awaited: Promise<T>, milliseconds: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, milliseconds, LATE);
  });
  try {
    return await Promise.race([awaited, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What they came to, once all have ended, also where one failed; then throws what failed first in their order. */
export async function untilAllEnded<T extends readonly unknown[]>(work: {
  readonly [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
