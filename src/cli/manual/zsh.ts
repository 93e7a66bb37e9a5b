/** Completion for zsh: commands and options with what they do, and what the program knows of their values. */
import { everyEntry, type Entry, type OptionEntry } from './entry.ts';

/** Renders the script that /usr/share/zsh/vendor-completions/_banspool is. */
export function zshCompletion(program: Entry): string {
  return `#compdef banspool
# zsh completion for banspool, made from the program itself

# zsh puts what compadd is to be told ahead of the kind of words.
_banspool_words() {
  local -a found config
  local at=\${_banspool_line[(i)--config]}
  ((at >= \${#_banspool_line})) || config=(--config "\${_banspool_line[at + 1]}")
  found=(\${(f)"$(banspool complete "\${config[@]}" "\${@[-1]}" -- "$PREFIX" 2>/dev/null)"})
  compadd "\${@[1,-2]}" -a found
}
${everyEntry(program).map(complete).join('')}
_banspool "$@"
`;
}

function complete(entry: Entry): string {
  const specs = entry.options.map(spec);
  if (entry.children.length === 0) {
    return `
${nameOf(entry)}() {
  _arguments ${[...specs, operands(entry)].join(' \\\n    ')}
}
`;
  }
  return `
${nameOf(entry)}() {
  local context state state_descr line${entry.words.length === 0 ? WHOLE_LINE : ''}
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

/** For a command below, words is what is left of the line. */
const WHOLE_LINE = `
  local -a _banspool_line=("\${words[@]}")`;

function nameOf({ words }: Entry): string {
  return ['_banspool', ...words].join('-');
}

function operands({ wants }: Entry): string {
  return wants === undefined ? "'*: :'" : `'*:${wants}:_banspool_words ${wants}'`;
}

function spec({ long, description, takes, wants, choices }: OptionEntry): string {
  const listed = choices === undefined ? ' ' : `(${choices.join(' ')})`;
  const value = `:value:${wants === undefined ? listed : `_banspool_words ${wants}`}`;
  const argument = { nothing: '', file: ':file:_files', value }[takes];
  // Its value may be the next word, or stand behind an equals sign.
  const name = takes === 'nothing' ? long : `${long}=`;
  return `'${name}[${escaped(description)}]${argument}'`;
}

/** Inside of single quotes, where colons and brackets have a meaning of zsh's. */
function escaped(text: string): string {
  return text.replaceAll("'", `'\\''`).replace(/[:[\]]/g, '\\$&');
}
