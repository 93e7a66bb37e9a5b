/** What the manual and the completions tell of a command, taken from the commander program, so that they cannot rot. */
import type { Command } from 'commander';
import { Help, type Option } from 'commander';
import { kindOfArguments, kindOfOption, type WordKind } from '../words/word-kinds.ts';

export interface Entry {
  /** The words that call it, after `banspool`; none for the program itself. */
  readonly words: readonly string[];
  /** With its arguments, such as `ban [options] <address>`. */
  readonly usage: string;
  readonly description: string;
  readonly options: readonly OptionEntry[];
  /** What --help says below the options. */
  readonly remark: string;
  readonly children: readonly Entry[];
  /** What its arguments are some of, where a completion can tell. */
  readonly wants?: WordKind;
}

export interface OptionEntry {
  /** As in --help, such as `--for <time>`. */
  readonly flags: string;
  readonly long: string;
  readonly description: string;
  readonly takes: 'nothing' | 'file' | 'value';
  /** All values that there are, where they are few. */
  readonly choices?: readonly string[];
  /** What the value is one of, where a completion can tell. */
  readonly wants?: WordKind;
  /** Where the command does not go without it. */
  readonly isMandatory?: true;
}

/** Describes a command and all below it. */
export function describe(command: Command, words: readonly string[] = []): Entry {
  const help = new Help();
  return {
    words,
    usage: `${command.name()} ${command.usage()}`.trim(),
    description: command.description(),
    options: help.visibleOptions(command).map((option) => describeOption(option, help)),
    remark: remarkOf(command),
    ...wanting(kindOfArguments(words.join(' '), namesOf(command))),
    children: help
      .visibleCommands(command)
      .filter(({ parent }) => parent === command)
      .map((child) => describe(child, [...words, child.name()])),
  };
}

/** Every entry below, and the entry itself, first. */
export function everyEntry(entry: Entry): readonly Entry[] {
  return [entry, ...entry.children.flatMap(everyEntry)];
}

function describeOption(option: Option, help: Help): OptionEntry {
  const { flags, long, required, optional, mandatory } = option;
  const takesValue = required || optional;
  return {
    flags,
    long: long ?? flags,
    description: help.optionDescription(option),
    takes: !takesValue ? 'nothing' : /<file>/i.test(flags) ? 'file' : 'value',
    ...(option.argChoices !== undefined && { choices: option.argChoices }),
    ...wanting(takesValue ? kindOfOption(long ?? flags) : undefined),
    ...(mandatory && { isMandatory: true as const }),
  };
}

function namesOf(command: Command): readonly string[] {
  return command.registeredArguments.map((argument) => argument.name());
}

function wanting(wants: WordKind | undefined): Pick<Entry, 'wants'> {
  return wants === undefined ? {} : { wants };
}

/** commander keeps texts after the help as listeners: to be had by asking for help. */
function remarkOf(command: Command): string {
  let text = '';
  const listener = {
    writeOut: (more: string): void => {
      text += more;
    },
  };
  command.configureOutput(listener).outputHelp();
  return text.slice(command.helpInformation().length).trim();
}
