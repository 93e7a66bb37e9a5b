# --- failures: what is told, and when the next try is ------------------------------------------------------------

tell_failing() {
  now
  # One line of words, as read takes it back below; ssh ends its lines as a terminal has them. An scp account may not
  # set times and modes, which scp tells of each file that did arrive.
  error=$(tr -d '\r' <"$box/.error" | tr -c '\012\040-\176' '?' |
    grep -vE '^@*$|^scp: remote f?setstat[ :].*Permission denied$' | head -n 1 | cut -c 1-300)
  error=${error#"${error%%[! ]*}"} error=${error%"${error##*[! ]}"}
  if read_failing; then
    [ "$before" != "$error" ] || return 0
  else
    since=$now_ms
  fi
  printf '%s %s\n' "$since" "$error" >"$box/.failing"
  if [ -n "$firewall" ]; then log warning "cannot deliver to $firewall; retrying later: $error"
  else log warning "cannot share out the intents to $(list_firewalls); retrying later: $error"; fi
  ! is_turned_away "$error" || log warning "$firewall closes the connection before its greeting: $TURNED_AWAY"
}

# Each try with a key that is not taken counts against this address with the sshd of OpenSSH 9.8 or later, which then turns
# away whoever comes from there, other servers behind the same NAT as well.
is_refused() {
  grep -qE 'Permission denied \(|Too many authentication failures|Host key verification failed' "$box/.error"
}

# The longest pause after a refusal.
REFUSED_MS=300000

back_off() {
  read_refused
  pause=$((pause * 2))
  [ $pause -ge 30000 ] || pause=30000
  [ $pause -le $REFUSED_MS ] || pause=$REFUSED_MS
  now
  printf '%s\n' "$((now_ms + pause)) $pause" >"$box/.refused"
}

# Sets next_try and pause.
read_refused() {
  next_try=0 pause=0
  [ ! -e "$box/.refused" ] || read -r next_try pause <"$box/.refused"
  is_word "$next_try" '!0-9' && is_word "$pause" '!0-9' || next_try=0 pause=0
}

# One further away is of a clock that was set back.
is_backing_off() {
  [ -e "$box/.refused" ] || return 1
  read_refused
  now
  [ "$next_try" -gt "$now_ms" ] && [ $((next_try - now_ms)) -le $REFUSED_MS ]
}

# What ssh says when sshd closes the connection before its greeting, and what that may mean.
is_turned_away() { # TEXT
  case $1 in *_exchange_identification:* | *'Not allowed at this time'*) ;; *) return 1 ;; esac
}

TURNED_AWAY='after failed logins from this address, add the network of the servers to PerSourcePenaltyExemptList in its sshd_config'

# Sets since and before, the error; false where nothing failed. A full disk may have cut off what was written.
read_failing() {
  [ -e "$box/.failing" ] || return 1
  since='' before=''
  read -r since before <"$box/.failing"
  is_word "$since" '!0-9' || since=$now_ms
}

tell_recovered() {
  [ -e "$box/.failing" ] || return 0
  now
  read_failing
  rm -f "$box/.failing"
  if [ -n "$firewall" ]; then log notice "delivery to $firewall works again after $(((now_ms - since) / 1000)) s"
  else log notice "sharing out the intents works again after $(((now_ms - since) / 1000)) s"; fi
}
