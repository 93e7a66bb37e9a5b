/** Completion for fish: commands and options with what they do. */
import { everyEntry, type Entry, type OptionEntry } from './entry.ts';

/** Renders the script that /usr/share/fish/vendor_completions.d/banspool.fish is. */
export function fishCompletion(program: Entry): string {
  const lines = everyEntry(program).flatMap((entry) => [
    ...entry.children.map((child) =>
      line(entry, `-a ${child.words.at(-1) ?? ''} -d ${quoted(child.description)}`),
    ),
    ...entry.options.map((option) => line(entry, flags(option))),
  ]);
  return [
    '# fish completion for banspool, made from the program itself',
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

function flags({ long, description, takes }: OptionEntry): string {
  const argument = { nothing: '', file: ' -r -F', value: ' -x' }[takes];
  return `-l ${long.slice(2)}${argument} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
