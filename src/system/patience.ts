/** Waits for something for so long and no longer. */

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
