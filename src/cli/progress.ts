/** Shows on a terminal that something is still going on. */
import type { Io } from './io.ts';

/** Quick work is not worth a word. */
const QUIET_MS = 1_000;

/** How far something has come is told before anybody wonders. */
const AMOUNT_MS = 500;

/** Counts seconds on stderr until the function it returns is called; silent where nobody looks on. */
export function showProgress(io: Io, what: string): () => void {
  const start = performance.now();
  return repeat(io, QUIET_MS, () => `${what} … ${Math.round((performance.now() - start) / 1000)} s`);
}

/** The same of work that knows how far it has come. */
export function showAmount(io: Io, amount: () => string): () => void {
  return repeat(io, AMOUNT_MS, amount);
}

function repeat(io: Io, interval: number, words: () => string): () => void {
  if (!io.isTerminal) return () => undefined;
  let shown = false;
  const timer = setInterval(() => {
    shown = true;
    io.err(`\r${words()}`);
  }, interval);
  return () => {
    clearInterval(timer);
    if (shown) io.err('\r\u001b[K');
  };
}
