/** Completion for bash: commands, options, files, and what the program knows: addresses, servers, jails, peers. */
import { everyEntry, type Entry, type OptionEntry } from './entry.ts';

/**
 * Renders the script that /usr/share/bash-completion/completions/banspool is. It goes by the line itself: bash's own
 * words end at each colon of an IPv6 address, and what it is given back is put in place of the last of them.
 */
export function bashCompletion(program: Entry): string {
  const entries = everyEntry(program);
  const options = entries.flatMap((entry) => entry.options);
  return `# bash completion for banspool, made from the program itself
_banspool() {
  local line=\${COMP_LINE:0:COMP_POINT} path='' wants='' words='' before='' word current previous offered
  local -a typed config=()
  read -ra typed <<<"$line"
  [[ $line != *[[:space:]] ]] || typed+=('')
  COMPREPLY=()
  ((\${#typed[@]} > 1)) || return
  current=\${typed[-1]} previous=\${typed[-2]}
  unset 'typed[-1]'
  for word in "\${typed[@]:1}"; do
    [[ $before != --config ]] || config=(--config "$word")
    before=$word
    case "$path $word" in
      ${entries.slice(1).map(pathOf).map(quoted).join(' | ')}) path="$path $word" ;;
    esac
  done
  if [[ $current == --*=* ]]; then
    previous=\${current%%=*} current=\${current#*=}
  fi
  case $previous in
    ${flagsOf(options, 'file')})
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
      ;;
${valuesOf(options)}
    ${flagsOf(options, 'value')}) return ;;
    *)
      case $path in
${entries.map((entry) => `        ${quoted(pathOf(entry))}) words='${wordsOf(entry)}'${wantsOf(entry)} ;;`).join('\n')}
      esac
      ;;
  esac
  if [[ -n $wants && $current != -* ]]; then
    mapfile -t COMPREPLY < <(banspool complete "\${config[@]}" "$wants" -- "$current" 2>/dev/null)
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
      offered=\${current%"\${current##*:}"}
      COMPREPLY=("\${COMPREPLY[@]#"$offered"}")
    fi
  fi
  ((\${#COMPREPLY[@]} > 0)) || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
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

function wantsOf({ wants }: Entry): string {
  return wants === undefined ? '' : ` wants=${wants}`;
}

/** Of options whose values are known. */
function valuesOf(options: readonly OptionEntry[]): string {
  const known = new Map<string, string>();
  for (const { long, wants, choices } of options) {
    if (wants !== undefined) known.set(long, `wants=${wants}`);
    else if (choices !== undefined) known.set(long, `words='${choices.join(' ')}'`);
  }
  return Array.from(known, ([long, value]) => `    ${long}) ${value} ;;`).join('\n');
}

/** Of options whose values nobody knows. */
function flagsOf(options: readonly OptionEntry[], takes: OptionEntry['takes']): string {
  const unknown = options.filter(
    (option) => option.takes === takes && option.wants === undefined && option.choices === undefined,
  );
  return [...new Set(unknown.map(({ long }) => long))].join(' | ');
}
