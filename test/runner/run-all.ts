/** Runs many groups of test files, some at once. */
import type { TestFile } from './find-test-files.ts';
import { runTestFiles } from './run-test-files.ts';
import type { TestRun } from './run-test-file.ts';

export interface RunAllOptions {
  readonly jobs: number;
  readonly timeLimitMs: number;
  readonly onEnd: (run: TestRun) => void;
}

/** Runs each file once and returns what came of them, in the order in which their groups ended. */
export async function runAll(
  groups: readonly (readonly TestFile[])[],
  options: RunAllOptions,
): Promise<readonly TestRun[]> {
  const all: TestRun[] = [];
  const waiting = groups.values();
  const work = async (): Promise<void> => {
    for (const group of waiting) {
      const runs = await runTestFiles(group, options.timeLimitMs);
      all.push(...runs);
      for (const run of runs) options.onEnd(run);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  return all;
}
