# --- status ------------------------------------------------------------------------------------------------------

count_waiting() {
  waiting=0
  for path in "$outbox"/[0-9]*.yaml; do
    ! is_intent "$path" || waiting=$((waiting + 1))
  done
  printf '%s' $waiting
}

# The first that is none of ours, and stays, and how many there are.
find_foreign() {
  others=0 first=''
  for path in "$outbox"/*; do
    case $path in */'*' | */lost+found) continue ;; esac
    is_intent "$path" || { others=$((others + 1)) && first=${first:-$path}; }
  done
  [ $others -lt 2 ] || printf '%s files, such as ' $others
  printf '%s' "$first" | tr -c '\040-\176' '?'
}

# A full disk lets files be made, and nothing be written into them.
is_writable() {
  { printf '%s\n' probe >"$outbox/.probe"; } 2>/dev/null
  result=$?
  rm -f "$outbox/.probe" 2>/dev/null
  return $result
}

status() {
  { [ -r "$outbox" ] && [ -x "$outbox" ]; } || fail 1 "the outbox $outbox cannot be read" 'run it as root'
  now
  well=0
  oldest=''
  for path in "$outbox"/[0-9]*.yaml; do
    ! is_intent "$path" || { oldest=${path##*/} oldest=${oldest%%-*}; break; }
  done
  if [ -n "$oldest" ]; then
    printf '%s intents wait for %s, the oldest for %s s\n' "$(count_waiting)" "$firewall" $(((now_ms - ${oldest%??????}) / 1000))
  else
    printf 'nothing waits for %s\n' "$firewall"
  fi
  foreign=$(find_foreign)
  [ -z "$foreign" ] || printf 'not sent, because banspool-send did not write it: %s\n' "$foreign"
  if [ -e "$outbox/.delivered" ]; then
    read -r delivered <"$outbox/.delivered"
    printf 'last delivery %s s ago\n' $(((now_ms - delivered) / 1000))
  fi
  is_writable || { well=1 && printf 'the outbox %s cannot be written: new bans are lost until the next snapshot\n' "$outbox"; }
  if read_failing; then
    well=1
    printf 'deliveries have failed for %s s: %s\n' $(((now_ms - since) / 1000)) "$before"
    ! is_turned_away "$before" || printf '%s closes the connection before its greeting: %s\n' "$firewall" "$TURNED_AWAY"
    ! is_backing_off || printf 'the next attempt is in %s s; to try now, run: banspool-send ship\n' $(((next_try - now_ms) / 1000))
  fi
  return $well
}
