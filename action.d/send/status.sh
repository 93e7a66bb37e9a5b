# --- status ------------------------------------------------------------------------------------------------------

# Sets waiting, of one firewall, and oldest, a path. What is not shared out yet waits for each.
look_at_waiting() {
  waiting=0 oldest=''
  for path in "$box"/[0-9]*.yaml; do
    ! is_intent "$path" || { waiting=$((waiting + 1)) && oldest=${oldest:-$path}; }
  done
  [ "$box" != "$outbox" ] || return 0
  for path in "$outbox"/[0-9]*.yaml; do
    ! is_intent "$path" || [ -e "$box/${path##*/}" ] || { waiting=$((waiting + 1)) && oldest=${oldest:-$path}; }
  done
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
  of_each status_of_waiting
  foreign=$(find_foreign)
  [ -z "$foreign" ] || printf 'not sent, because banspool-send did not write it: %s\n' "$foreign"
  of_each status_of_delivery
  is_writable || { well=1 && printf 'the outbox %s cannot be written: new bans are lost until the next snapshot\n' "$outbox"; }
  if [ -z "$firewall" ] && read_failing; then
    well=1
    printf 'sharing out the intents has failed for %s s: %s\n' $(((now_ms - since) / 1000)) "$before"
  fi
  of_each status_of_failures
  return $well
}

of_each() { # FUNCTION
  for each_firewall in $firewalls; do
    turn_to "$each_firewall"
    "$1"
  done
  choose_folder
}

status_of_waiting() {
  look_at_waiting
  if [ -n "$oldest" ]; then
    oldest=${oldest##*/} oldest=${oldest%%-*}
    printf '%s intents wait for %s, the oldest for %s s\n' $waiting "$firewall" $(((now_ms - ${oldest%??????}) / 1000))
  else
    printf 'nothing waits for %s\n' "$firewall"
  fi
}

status_of_delivery() {
  [ -e "$box/.delivered" ] || return 0
  read -r delivered <"$box/.delivered"
  printf 'last delivery%s %s s ago\n' "$to_whom" $(((now_ms - delivered) / 1000))
}

status_of_failures() {
  read_failing || return 0
  well=1
  printf 'deliveries%s have failed for %s s: %s\n' "$to_whom" $(((now_ms - since) / 1000)) "$before"
  ! is_turned_away "$before" || printf '%s closes the connection before its greeting: %s\n' "$firewall" "$TURNED_AWAY"
  ! is_backing_off || printf 'the next attempt%s is in %s s; to try now, run: banspool-send ship\n' "$to_whom" $(((next_try - now_ms) / 1000))
}
