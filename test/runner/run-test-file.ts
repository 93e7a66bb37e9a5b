/** Runs one test file in a process and namespaces of its own. */
import { readFileSync } from 'node:fs';
import type { TestFile } from './find-test-files.ts';
import { judge, type Verdict } from './judge.ts';
import { runScript, type RunScriptOptions } from './run-script.ts';

export interface TestRun extends Verdict {
  readonly name: string;
  readonly output: string;
  readonly milliseconds: number;
}

/** Runs to the end, however it comes. At the end whatever the file left running is killed. */
export async function runTestFile(
  file: TestFile,
  timeLimitMs: number,
  options: RunScriptOptions = {},
): Promise<TestRun> {
  const run = await runScript([file.script], timeLimitMs, {
    ...options,
    ...(file.env !== undefined && { env: file.env }),
  });
  const source = readFileSync(file.source, 'utf8');
  return {
    ...judge({ source, ...run }),
    name: file.name,
    output: run.output,
    milliseconds: run.milliseconds,
  };
}
