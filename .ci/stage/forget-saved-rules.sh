# shellcheck shell=sh
# forget_saved_rules PREFIX: takes every chain whose name begins with PREFIX, and every jump to one, out of the saved rules
# of this machine. From the next boot on nobody makes their sets, without which nothing of such a file is loaded, and
# nobody ends the bans in it. The file as it was is kept beside it; one that iptables would not take so stays as it is, and
# a warning says so. No more than iptables and awk, and what stands in saved-rules.sh and remove-rules.sh.

forget_saved_rules() {
  is_prefix "$1" || return 0
  for file in $(saved_rules); do
    names_ours "$1" "$file" || continue
    forget_in "$(readlink -f "$file")" "$1" || warn_of "$file" "$1"
  done
  for file in "${BANSPOOL_ROOT:-}/etc/nftables.conf" "${BANSPOOL_ROOT:-}/etc/sysconfig/nftables.conf"; do
    if [ -r "$file" ] && names_ours "$1" "$file"; then warn_of "$file" "$1"; fi
  done
}

names_ours() { # PREFIX FILE
  awk -v prefix="$1" '
    /^[[:space:]]*#/ { next }
    { for (i = 1; i <= NF; i++) if (index($i, prefix) == 1 || index($i, ":" prefix) == 1) found = 1 }
    END { exit !found }' "$2"
}

warn_of() { # FILE PREFIX
  echo "banspool: cannot remove banspool's rules ($2…) from $1: without banspool's sets, no rule of this file is" >&2
  echo "banspool: loaded at the next boot, and the machine is unprotected; remove these rules, or save the rules again after a purge" >&2
}

forget_in() { # FILE PREFIX
  case $1 in *v6 | *ip6* | *6.rules | *rules6*) restore=ip6tables-restore ;; *) restore=iptables-restore ;; esac
  # With owner and mode of the one whose place it takes.
  kept=$1.with-banspool new=$1.without-banspool
  if cp -p "$1" "$new" && without_ours "$2" <"$1" >"$new" && "$restore" --test <"$new" >/dev/null 2>&1 &&
    cp -p "$1" "$kept" && mv "$new" "$1"; then
    echo "banspool: removed banspool's rules from $1; the old file is $kept"
  else
    rm -f "$new"
    return 1
  fi
}

# A jump to a chain is the end of its rule; a comment that looks like one has a quotation mark at its end. Fails where a
# rule of somebody else's looks into a set of ours: it is not ours to take out, and nothing loads with it.
without_ours() { # PREFIX
  awk -v prefix="$1" '
    /^\*/ { may_be_ours = $1 == "*filter" || $1 == "*raw" }
    may_be_ours && index($1, ":" prefix) == 1 { next }
    {
      # iptables-save -c puts counters ahead.
      at = $1 ~ /^\[/ ? 2 : 1
      if (may_be_ours && $at ~ /^-[AI]$/) {
        if (index($(at + 1), prefix) == 1) next
        if ($(NF - 1) ~ /^-[jg]$/ && index($NF, prefix) == 1) next
      }
      for (i = 2; i <= NF; i++) if ($(i - 1) ~ /^--(match|add|del|map)-set$/ && index($i, prefix) == 1) held = 1
      print
    }
    END { exit held }'
}
