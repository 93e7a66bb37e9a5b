/** Begins a program: its words and streams are those of this process, which ends with its exit code. */
import type { Command } from 'commander';
import { Given } from '../system/given.ts';
import { localZone } from '../system/local-zone.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { runWords } from './run-words.ts';

/** Resolves when the command has ended. */
export async function begin(makeProgram: (context: CommandContext) => Command): Promise<void> {
  // It would override how folders are watched.
  delete process.env['CHOKIDAR_USEPOLLING'];

  const { stdout, stderr } = process;
  // A reader such as head may leave early; that is no failure of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    stderr.write(`banspool: error: cannot write the output: ${error.message}\n`);
    process.exit(EXIT.failed);
  });
  process.exitCode = await runWords(makeProgram, process.argv.slice(2), {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    color: stdout.isTTY && stdout.hasColors(),
    isTerminal: stderr.isTTY,
    // A terminal may have no size, as on a serial line.
    width: stdout.isTTY ? stdout.columns || 80 : undefined,
    zone: localZone(process.env),
    env: process.env,
    given: new Given(process.env),
  });
}
