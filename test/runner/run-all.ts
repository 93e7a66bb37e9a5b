/** Runs many test files, some at once. */
import type { TestFile } from './find-test-files.ts';
import { runTestFile, type TestRun } from './run-test-file.ts';

export interface RunAllOptions {
  readonly jobs: number;
  readonly timeLimitMs: number;
  readonly onEnd: (run: TestRun) => void;
}

/** Runs each file once and returns what came of them, in the order in which they ended. */
export async function runAll(
  files: readonly TestFile[],
  options: RunAllOptions,
): Promise<readonly TestRun[]> {
  const runs: TestRun[] = [];
  const waiting = files.values();
  const work = async (): Promise<void> => {
    for (const file of waiting) {
      const run = await runTestFile(file, options.timeLimitMs);
      runs.push(run);
      options.onEnd(run);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  return runs;
}
