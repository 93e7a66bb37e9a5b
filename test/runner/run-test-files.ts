/** Runs test files, several of them in one process, and says of each what came of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestFile } from './find-test-files.ts';
import { judge } from './judge.ts';
import { takeApart } from './marks.ts';
import { runScript, type ScriptRun } from './run-script.ts';
import { runTestFile, type TestRun } from './run-test-file.ts';

const TOGETHER = join(import.meta.dirname, 'together.js');

/**
 * Each file once, in this order. The file in which the process ended has failed; those that it was to run after that
 * run in another one.
 */
export async function runTestFiles(
  files: readonly TestFile[],
  timeLimitMs: number,
): Promise<readonly TestRun[]> {
  const [first] = files;
  if (first === undefined) return [];
  if (files.length === 1) return [await runTestFile(first, timeLimitMs)];
  const run = await runScript([TOGETHER, ...files.map(({ script }) => script)], timeLimitMs);
  const runs = judgeEach(files, run);
  return [...runs, ...(await runTestFiles(files.slice(runs.length), timeLimitMs))];
}

/** What one file said, and how it ended, or the process in it. */
type Piece = Omit<ScriptRun, 'stdout' | 'stderr'>;

/** Those that began: as if each had run by itself, with its part of the output and its exit code. */
function judgeEach(files: readonly TestFile[], run: ScriptRun): readonly TestRun[] {
  const pieces = cut(run, files.length);
  return files.slice(0, pieces.length).flatMap(({ name, source }, index) => {
    const piece = pieces[index];
    if (piece === undefined) return [];
    const verdict = judge({ ...piece, source: readFileSync(source, 'utf8') });
    return [{ ...verdict, name, output: piece.output, milliseconds: piece.milliseconds }];
  });
}

function cut({ stdout, stderr, ...end }: ScriptRun, count: number): readonly Piece[] {
  const { whole, rest } = takeApart(stdout, stderr);
  const pieces: Piece[] = whole.map((part) => ({ ...part, signal: null, killedAfter: undefined }));
  if (whole.length === count && end.exitCode === 0) return pieces;
  // When all files have ended, how the process then ends is the doing of the last.
  const last = whole.length === count ? pieces.pop() : undefined;
  const spent = pieces.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [
    ...pieces,
    { ...end, output: `${last?.output ?? ''}${rest}`, milliseconds: end.milliseconds - spent },
  ];
}
