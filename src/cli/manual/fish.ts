/** Completion for fish: commands and options with what they do, and what the program knows of their values. */
import type { WordKind } from '../words/word-kinds.ts';
import { everyEntry, type Entry, type OptionEntry } from './entry.ts';

/** Renders the script that /usr/share/fish/vendor_completions.d/banspool.fish is. */
export function fishCompletion(program: Entry): string {
  const lines = everyEntry(program).flatMap((entry) => [
    ...entry.children.map((child) =>
      line(entry, `-a ${child.words.at(-1) ?? ''} -d ${quoted(child.description)}`),
    ),
    ...entry.options.map((option) => line(entry, flags(option))),
    ...(entry.wants === undefined ? [] : [line(entry, `-a ${known(entry.wants)}`)]),
  ]);
  return [
    '# fish completion for banspool, made from the program itself',
    WORDS,
    'complete -c banspool -f',
    ...lines,
    '',
  ].join('\n');
}

/** True on the command line for this entry, and for none below it. */
function line({ words, children }: Entry, rest: string): string {
  const below = children.map((child) => child.words.at(-1) ?? '').join(' ');
  const conditions = [
    ...words.map((word) => `__fish_seen_subcommand_from ${word}`),
    ...(below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`]),
  ];
  return `complete -c banspool -n ${quoted(conditions.join('; and '))} ${rest}`;
}

/** Asks the program, with the config that the line names. */
const WORDS = `function __banspool_words
  set -l config
  set -l typed (commandline -opc)
  if set -l at (contains -i -- --config $typed); and set -q typed[(math $at + 1)]
    set config --config $typed[(math $at + 1)]
  end
  banspool complete $config $argv[1] -- (commandline -ct) 2>/dev/null
end`;

function known(kind: WordKind): string {
  return `'(__banspool_words ${kind})'`;
}

function flags({ long, description, takes, wants, choices }: OptionEntry): string {
  const listed = choices === undefined ? '' : ` -a '${choices.join(' ')}'`;
  const value = ` -x${wants === undefined ? listed : ` -a ${known(wants)}`}`;
  const argument = { nothing: '', file: ' -r -F', value }[takes];
  return `-l ${long.slice(2)}${argument} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
