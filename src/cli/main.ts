/** The whole program as a function: words in, exit code out. */
import type { Io } from './io.ts';
import { makeProgram } from './program.ts';
import { runWords } from './run-words.ts';

/** Runs one command; resolves with its exit code and never rejects. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  return runWords(makeProgram, argv, io);
}
