/** What all commands share: how one is added, and the option that each takes. */
import type { Command } from 'commander';
import { DEFAULT_CONFIG_PATH } from '../config/config.ts';
import type { Io } from './io.ts';

export interface CommandContext {
  readonly io: Io;
  /** Set by the command that ran. */
  exitCode: number;
}

export type AddCommand = (program: Command, context: CommandContext) => void;

/** A command with `--config FILE`; output and errors go where the program's go. */
export function newCommand(program: Command, usage: string, description: string): Command {
  return withConfig(program.command(usage), description);
}

/** The same of one that no person calls: neither help, nor manual, nor completions tell of it. */
export function newHiddenCommand(program: Command, usage: string, description: string): Command {
  return withConfig(program.command(usage, { hidden: true }), description);
}

/** The same of the one of its group that is meant where none is named. */
export function newDefaultCommand(group: Command, usage: string, description: string): Command {
  return withConfig(group.command(usage, { isDefault: true }), description);
}

/** The same with `--utc`, for commands that tell times. */
export function withUtc(command: Command): Command {
  return command.option('--utc', 'print times in UTC (default: the local time zone)');
}

function withConfig(command: Command, description: string): Command {
  return command.description(description).option('--config <file>', 'the config file', DEFAULT_CONFIG_PATH);
}
