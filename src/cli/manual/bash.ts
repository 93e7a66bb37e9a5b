/** Completion for bash: commands, options, and file names where a file is wanted. */
import { everyEntry, type Entry, type OptionEntry } from './entry.ts';

/** Renders the script that /usr/share/bash-completion/completions/banspool is. */
export function bashCompletion(program: Entry): string {
  const entries = everyEntry(program);
  const options = entries.flatMap((entry) => entry.options);
  return `# bash completion for banspool, made from the program itself
_banspool() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} path='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ${entries.slice(1).map(pathOf).map(quoted).join(' | ')}) path="$path $word" ;;
    esac
  done
  case $previous in
    ${flagsOf(options, 'file')})
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
      ;;
    ${flagsOf(options, 'value')}) return ;;
  esac
  local words=''
  case $path in
${entries.map((entry) => `    ${quoted(pathOf(entry))}) words='${wordsOf(entry)}' ;;`).join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _banspool banspool
`;
}

const quoted = (text: string): string => `'${text}'`;

function pathOf({ words }: Entry): string {
  return words.map((word) => ` ${word}`).join('');
}

function wordsOf({ children, options }: Entry): string {
  return [...children.map(({ words }) => words.at(-1) ?? ''), ...options.map(({ long }) => long)].join(' ');
}

function flagsOf(options: readonly OptionEntry[], takes: OptionEntry['takes']): string {
  return [...new Set(options.filter((option) => option.takes === takes).map(({ long }) => long))].join(' | ');
}
