/** Shows on a terminal that something is still going on. */
import type { Io } from './io.ts';

/** Quick work is not worth a word. */
const QUIET_MS = 1_000;

/** Counts seconds on stderr until the function it returns is called; silent where nobody looks on. */
export function showProgress(io: Io, what: string): () => void {
  if (!io.isTerminal) return () => undefined;
  const start = performance.now();
  let shown = false;
  const timer = setInterval(() => {
    shown = true;
    io.err(`\r${what} … ${Math.round((performance.now() - start) / 1000)} s`);
  }, QUIET_MS);
  return () => {
    clearInterval(timer);
    if (shown) io.err('\r\u001b[K');
  };
}
