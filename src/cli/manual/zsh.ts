/** Completion for zsh: commands and options with what they do. */
import { everyEntry, type Entry, type OptionEntry } from './entry.ts';

/** Renders the script that /usr/share/zsh/vendor-completions/_banspool is. */
export function zshCompletion(program: Entry): string {
  return `#compdef banspool
# zsh completion for banspool, made from the program itself
${everyEntry(program).map(complete).join('')}
_banspool "$@"
`;
}

function complete(entry: Entry): string {
  const specs = entry.options.map(spec);
  if (entry.children.length === 0) {
    return `
${nameOf(entry)}() {
  _arguments ${[...specs, "'*: :'"].join(' \\\n    ')}
}
`;
  }
  return `
${nameOf(entry)}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands=(
${entry.children.map(({ words, description }) => `    '${words.at(-1) ?? ''}:${escaped(description)}'`).join('\n')}
  )
  _arguments -C ${[...specs, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
    command) _describe command commands ;;
    rest)
      case $line[1] in
${entry.children.map((child) => `        ${child.words.at(-1) ?? ''}) ${nameOf(child)} ;;`).join('\n')}
      esac
      ;;
  esac
}
`;
}

function nameOf({ words }: Entry): string {
  return ['_banspool', ...words].join('-');
}

function spec({ long, description, takes }: OptionEntry): string {
  const argument = { nothing: '', file: ':file:_files', value: ':value: ' }[takes];
  return `'${long}[${escaped(description)}]${argument}'`;
}

/** Inside of single quotes, where colons and brackets have a meaning of zsh's. */
function escaped(text: string): string {
  return text.replaceAll("'", `'\\''`).replace(/[:[\]]/g, '\\$&');
}
