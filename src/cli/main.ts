/** Parses the words, runs the command, and says what went wrong, with what to do about it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { BanspoolError, messageOf } from '../system/error.ts';
import { addBan } from './ban.ts';
import { addCheck } from './check.ts';
import type { CommandContext } from './command.ts';
import { addDoctor } from './doctor.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { addHistory } from './history.ts';
import type { Io } from './io.ts';
import { addList } from './list.ts';
import { addPlan } from './plan.ts';
import { addReconcile } from './reconcile.ts';
import { addRun } from './run.ts';
import { addServer } from './server.ts';
import { addStatus } from './status.ts';
import { addUnban } from './unban.ts';
import { addWhy } from './why.ts';

/** Runs one command; resolves with its exit code and never rejects. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const context: CommandContext = { io, exitCode: EXIT.done };
  const program = new Command('banspool')
    .description('Central fail2ban: what servers claim in the spool is what the firewall drops.')
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: () => undefined })
    .showHelpAfterError(false)
    .addHelpText('after', HELP_EXIT_CODES);
  for (const add of COMMANDS) add(program, context);
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

const COMMANDS = [
  addRun,
  addReconcile,
  addPlan,
  addStatus,
  addList,
  addBan,
  addUnban,
  addWhy,
  addHistory,
  addCheck,
  addDoctor,
  addServer,
] as const;

const HELP_EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 usage or config, 3 plan found changes, 4 damaged state,
5 not converged, 11 locked by another, 130 interrupted.
Every command takes --config FILE (default /etc/banspool/config.yaml) and --help.`;

function complain(error: unknown, io: Io): number {
  if (error instanceof CommanderError) {
    // Asked-for help and version come here too.
    if (error.exitCode === 0 || error.code === 'commander.help') return EXIT.done;
    io.err(`banspool: error: ${error.message.replace(/^error: /, '')}\n`);
    io.err('banspool: hint: banspool --help lists the commands, banspool COMMAND --help the options\n');
    return EXIT.usage;
  }
  io.err(`banspool: error: ${messageOf(error)}\n`);
  if (!(error instanceof BanspoolError)) return EXIT.failed;
  if (error.hint !== undefined) io.err(`banspool: hint: ${error.hint}\n`);
  return exitCodeOf(error.code);
}

function version(): string {
  const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
