/**
 * The program with `run` alone, which stands all day: it keeps no text, and nothing else, of the other commands.
 * .ci/program begins it where the first word is `run`.
 */
import { begin } from './cli/begin.ts';
import { addRun } from './cli/commands/run.ts';
import { emptyProgram } from './cli/empty-program.ts';

await begin((context) => {
  const program = emptyProgram(context);
  addRun(program, context);
  return program;
});
