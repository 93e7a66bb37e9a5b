# --- messages ----------------------------------------------------------------------------------------------------

# To standard error, and to syslog where there is one: the shipper has no terminal.
log() { # PRIORITY TEXT
  # Of busybox, tr knows no [:print:].
  message=$(printf '%.600s' "$2" | tr -c '\040-\176' '?')
  printf 'banspool-send: %s\n' "$message" >&2
  logger -t banspool-send -p "daemon.$1" -- "$message" 2>/dev/null || :
}

fail() { # EXIT-CODE TEXT [HINT]
  log err "error: $2"
  [ $# -lt 3 ] || printf 'banspool-send: hint: %s\n' "$3" >&2
  exit "$1"
}
