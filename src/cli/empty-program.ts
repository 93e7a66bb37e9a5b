/** The commander program before it has commands: what is the same for all of them. */
import { Command } from 'commander';
import type { CommandContext } from './command.ts';
import { versionLine } from './version-line.ts';

/** A program that speaks to `context.io` and throws instead of exiting. */
export function emptyProgram({ io }: CommandContext): Command {
  return new Command('banspool')
    .description('Central fail2ban: the firewall drops the addresses that servers ban.')
    .version(versionLine())
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: () => undefined })
    .showHelpAfterError(false)
    .addHelpText('after', HELP_EXIT_CODES);
}

const HELP_EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 usage or config, 3 plan found changes, 4 damaged state,
5 not converged, 11 locked by another process, 130 interrupted.
Every command takes --config FILE (default /etc/banspool/config.yaml) and --help.`;
