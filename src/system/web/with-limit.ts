/**
 * Does work with a signal that comes when another one does, or when the time is over. Not AbortSignal.any of an
 * AbortSignal.timeout: Node 20 collects a timeout that only such a signal knows of, and then it never comes.
 */
export async function withLimit<T>(
  { signal, ms }: { readonly signal: AbortSignal; readonly ms: number },
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  const timer = setTimeout(abort, ms);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
