/**
 * Says what a test file's end means. uvu exits 0 when `.run()` was forgotten, a hook threw, a test threw what is no
 * Error, nothing was tested, or `.only` was left in; so its summary is believed, and only a whole one.
 */
import { stripVTControlCharacters } from 'node:util';

export interface Ended {
  readonly source: string;
  readonly output: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Seconds after which it was killed; undefined when it ended by itself. */
  readonly killedAfter: number | undefined;
}

export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  /** Why it is not green; none when it is. */
  readonly reasons: readonly string[];
}

const SUMMARY = /^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)$/gm;

/** Counts what passed and failed; a file that is wrong in itself counts as one failure at least. */
export function judge(ended: Ended): Verdict {
  const summaries = [...stripVTControlCharacters(ended.output).matchAll(SUMMARY)];
  const [total = 0, passed = 0, skipped = 0] = (summaries[0] ?? []).slice(1).map(Number);
  const reasons = [...endReasons(ended), ...summaryReasons(summaries.length, { total, passed, skipped })];
  if (ended.source.includes('.only(')) reasons.push('.only( is left in the source');
  return { passed, failed: reasons.length === 0 ? 0 : Math.max(1, total - passed), reasons };
}

function endReasons({ killedAfter, signal, exitCode }: Ended): readonly string[] {
  if (killedAfter !== undefined) return [`did not end within ${killedAfter} s`];
  if (signal !== null) return [`ended by ${signal}`];
  return exitCode === 0 ? [] : [`exit code ${String(exitCode)}`];
}

interface Counts {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
}

function summaryReasons(summaries: number, { total, passed, skipped }: Counts): readonly string[] {
  if (summaries === 0) return ['no summary: is .run() missing?'];
  if (summaries > 1) return ['more than one summary: .run() must be called before anything is awaited'];
  const reasons: string[] = [];
  if (total === 0) reasons.push('no tests');
  if (skipped > 0) reasons.push(`${skipped} tests skipped`);
  if (passed !== total) reasons.push(`${total - passed} of ${total} tests did not pass`);
  return reasons;
}
