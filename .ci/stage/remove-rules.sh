# shellcheck shell=sh
# remove_rules PREFIX: takes every chain whose name begins with PREFIX out of the tables filter and raw, every jump to
# one, and every ipset so named; each table in one transaction, and nothing else is touched. For a purge, when the program is gone:
# no more than iptables and awk, and nft beside native rules, where iptables lists nothing and finds no rule to delete.

remove_rules() {
  is_prefix "$1" || return 0
  for family in ip ip6; do
    for table in filter raw; do
      remove_from "${family}tables-nft" "$1" "$table" "$family"
      # Asking for legacy tables makes them, so only where there are some.
      if grep -qs "$table" "/proc/net/${family}_tables_names"; then
        remove_from "${family}tables-legacy" "$1" "$table" ''
      fi
    done
  done
  remove_sets "$1"
}

is_prefix() { # PREFIX
  case $1 in
    '' | ? | ?? | *[!A-Za-z0-9_.-]* | [!A-Za-z]*) echo "banspool: \"$1\" is not a valid chain prefix; rules stay" >&2; return 1 ;;
  esac
  for built_in in INPUT FORWARD OUTPUT PREROUTING; do
    case $built_in in "$1"*) echo "banspool: \"$1\" is a prefix of $built_in; rules stay" >&2; return 1 ;; esac
  done
}

remove_from() { # VARIANT PREFIX TABLE FAMILY-OF-NFT
  command -v "$1" >/dev/null || return 0
  listing=$("$1" -w 10 -t "$3" -S 2>/dev/null) || listing=$(take_jumps "$4" "$2" "$3")
  removal=$(printf '%s\n' "$listing" | removal_of "$2" "$3")
  [ -n "$removal" ] || return 0
  printf '%s\n' "$removal" | "$1-restore" -w 10 --noflush || echo "banspool: cannot remove the rules of $1" >&2
}

# Takes the jumps out by their handles, and prints the chains as -S does.
take_jumps() { # FAMILY PREFIX TABLE
  [ -n "$1" ] && command -v nft >/dev/null || return 0
  listing=$(nft -a -n -s -t list table "$1" "$3" 2>/dev/null) || return 0
  printf '%s\n' "$listing" | awk -v family="$1" -v prefix="$2" -v table="$3" '
    /^\t[^\t}]/ { chain = $1 == "chain" ? $2 : "" }
    chain == "" || index(chain, prefix) == 1 { next }
    / # handle [0-9]+$/ && match($0, / (jump|goto) [^ "]+( comment "[^"]*")? # handle [0-9]+$/) {
      split(substr($0, RSTART + 1), words, " ")
      if (index(words[2], prefix) == 1) print "delete rule " family " " table " " chain " handle " $NF
    }' | nft -f - || echo "banspool: cannot remove jumps from tables with native rules" >&2
  printf '%s\n' "$listing" | awk -v prefix="$2" '/^\tchain / && index($2, prefix) == 1 { print "-N " $2 }'
}

# From the lines of -S to those of iptables-restore. A jump to a chain is the end of its rule; a comment that looks like
# one has a quotation mark at its end.
removal_of() { # PREFIX TABLE
  awk -v prefix="$1" -v table="$2" '
    $1 == "-N" && index($2, prefix) == 1 { chains[++count] = $2 }
    $1 == "-A" && index($2, prefix) != 1 && $(NF - 1) ~ /^-[jg]$/ && index($NF, prefix) == 1 {
      sub(/^-A/, "-D")
      jumps[++jumping] = $0
    }
    END {
      if (count == 0) exit
      print "*" table
      for (i = 1; i <= count; i++) print ":" chains[i] " - [0:0]"
      for (i = 1; i <= jumping; i++) print jumps[i]
      for (i = 1; i <= count; i++) print "-X " chains[i]
      print "COMMIT"
    }'
}

remove_sets() { # PREFIX
  command -v ipset >/dev/null || return 0
  for set in $(ipset list -n 2>/dev/null | awk -v prefix="$1" 'index($0, prefix) == 1'); do
    ipset destroy "$set" || true
  done
}
