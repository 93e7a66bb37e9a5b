/**
 * A signal that comes when another one does, or when the time is over. Not AbortSignal.any of an AbortSignal.timeout:
 * Node 20 collects a timeout that only such a signal knows of, and then it never comes.
 */
interface LimitedSignal extends Disposable {
  readonly signal: AbortSignal;
}

/** To be disposed of when what it limits is over; `ms` may be 0 or less. */
export function limitedSignal(signal: AbortSignal, ms: number): LimitedSignal {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  const timer = setTimeout(abort, ms);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}
