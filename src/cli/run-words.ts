/** Parses the words, runs the command, and says what went wrong, with what to do about it. */
import { CommanderError, type Command } from 'commander';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { CommandContext } from './command.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import type { Io } from './io.ts';

/** Runs one command of a program; resolves with its exit code and never rejects. */
export async function runWords(
  makeProgram: (context: CommandContext) => Command,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  const context: CommandContext = { io, exitCode: EXIT.done };
  const program = makeProgram(context);
  if (argv.length === 0) {
    io.err(program.helpInformation());
    return EXIT.usage;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return context.exitCode;
  } catch (error) {
    return complain(error, io);
  }
}

function complain(error: unknown, io: Io): number {
  if (error instanceof CommanderError) {
    // Asked-for help and version come here too.
    if (error.exitCode === 0) return EXIT.done;
    // A command that lacks its second word, or help of none: the list has been shown.
    if (error.code === 'commander.help') return EXIT.usage;
    io.err(`banspool: error: ${error.message.replace(/^error: /, '')}\n`);
    io.err(
      'banspool: hint: see banspool --help for the commands, and banspool COMMAND --help for the options\n',
    );
    return EXIT.usage;
  }
  io.err(`banspool: error: ${messageOf(error)}\n`);
  if (!(error instanceof BanspoolError)) return EXIT.failed;
  if (error.hint !== undefined) io.err(`banspool: hint: ${error.hint}\n`);
  return exitCodeOf(error.code);
}
