# shellcheck shell=sh
# read_prefix CONFIG: prints the chain prefix that the config sets, and nothing where it sets none. YAML can be written in
# more ways than sed can read: where the word stands there and its value was not read, what is printed is no prefix of
# chains, and remove_rules takes nothing out. To guess would be to take out what is somebody else's.

read_prefix() {
  # A # within quotation marks begins no comment.
  settings=$(sed -e '/^[[:space:]]*#/d' -e "s/^\([^\"'#]*[[:space:]]\)#.*/\1/" \
    -e 's/\(chainPrefix[^#]*[[:space:]]\)#.*/\1/' "$1")
  blanks='[[:space:]]*' quote="[\"']\{0,1\}"
  key="^\(.*[{,]\)\{0,1\}$blanks${quote}chainPrefix$quote$blanks:"
  value="$blanks$quote\([A-Za-z0-9_.-][A-Za-z0-9_.-]*\)$quote$blanks\([,}].*\)\{0,1\}\$"
  prefix=$(printf '%s\n' "$settings" | sed -n "s/$key$value/\2/p")
  case $settings in
    *chainPrefix*)
      if [ -z "$prefix" ]; then
        echo "banspool: cannot read chainPrefix in $1; a purge leaves the rules" >&2
        prefix='chainPrefix: ?'
      fi
      ;;
  esac
  printf '%s\n' "$prefix"
}
