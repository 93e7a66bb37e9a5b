# --- outbox: what waits, each file whole -------------------------------------------------------------------------

# Runs the command of the command line, and ends with it.
run() { # WORD...
  read_config
  [ -d "$outbox" ] || (umask 077 && mkdir -p "$outbox") || fail 1 "cannot create the outbox $outbox"
  "$command" "$@"
  exit
}

# Sets now_ns, now_ms, and now_s with three decimals. A date without nanoseconds leaves the order of one second open:
# for %N some print a letter, and that of Alpine nothing.
now() {
  now_ns=$(date +%s%N)
  case $now_ns in *[!0-9]*) now_ns='' ;; esac
  [ ${#now_ns} -eq 19 ] || now_ns=$(date +%s)000000000
  now_ms=${now_ns%??????}
  now_s=${now_ms%???}.${now_ms#"${now_ms%???}"}
}

put() { # FIELDS
  name_next
  write "$outbox/$name" "$1"
}

# A flush means that all bans are lifted, unless fail2ban is being stopped: then a stop follows at once, and the flush
# must not reach the firewall alone. systemd kills the shipper along with fail2ban. So a flush waits for its stop.
hold() { # FIELDS
  name_next
  write "$outbox/.held,$jail,$name" "$1"
}

forget_flush() {
  for held in "$outbox/.held,$jail,"*; do
    [ -e "$held" ] || continue
    held_for "$held"
    if [ $held_ms -le $STOP_FOLLOWS_MS ]; then rm -f "$held"; else release "$held"; fi
  done
}

# Sets held_ms. One of the future is of a clock that was set back: when it was, nobody knows.
held_for() { # PATH
  held_ns=${1##*,}
  held_ns=${held_ns%%-*}
  held_ms=$((now_ms - ${held_ns%??????}))
  [ $held_ms -ge 0 ] || held_ms=$STOP_FOLLOWS_MS
}

release() { # PATH
  jail=${1#*/.held,}
  jail=${jail%,*}
  read_scope
  if [ "$holders" -lt 2 ]; then mv "$1" "$outbox/${1##*,}"; return; fi
  # The jails are unsettled until a stop could have come, unless something else came since.
  unsettled=0
  [ ! -e "$outbox/.unsettled,$jail" ] || read -r unsettled <"$outbox/.unsettled,$jail"
  [ "$unsettled" != "${held_ns%??????}" ] || rm -f "$outbox/.unsettled,$jail"
  want_snapshot
  rm -f "$1"
}

written=0

# Sets name, unique and in the order of time.
name_next() {
  written=$((written + 1))
  name=$now_ns-$$-$written.yaml
}

write() { # PATH FIELDS
  if ! { printf '%s\n' "intent: $intent" "jail: $jail" "$2" ... >"$outbox/.$name" && mv "$outbox/.$name" "$1"; }; then
    rm -f "$outbox/.$name"
    fail 1 "cannot write $intent of jail $jail to the outbox $outbox"
  fi
}

# A jail that starts, stops or restores its bans shows only some of them for a while.
mark_unsettled() {
  printf '%s\n' "$now_ms" >"$outbox/.unsettled,$jail" 2>/dev/null || :
}

# A shipper that was started this long ago, and has not looked into the outbox yet, was killed.
WANTED_MS=2000

# One that has yet to look will find what was written just now. Not in fail2ban's or sshguard's process group, and with
# none of its files open.
start_shipper() {
  wanted=0
  { [ ! -e "$outbox/.wanted" ] || read -r wanted <"$outbox/.wanted"; } 2>/dev/null
  waited=$((now_ms - ${wanted:-0}))
  [ "$waited" -lt 0 ] || [ "$waited" -ge $WANTED_MS ] || return 0
  printf '%s\n' "$now_ms" >"$outbox/.wanted"
  # To go on from here takes half as long as to start anew.
  if is_apart; then ship --again </dev/null >/dev/null 2>&1 &
  else setsid "$0" ship --again </dev/null >/dev/null 2>&1 & fi
}

# True where this process or its parent leads a session without a terminal: fail2ban starts each action in one of its own.
is_apart() {
  read -r _ _ _ parent _ session terminal _ </proc/self/stat || return
  case $terminal/$session in "0/$$" | "0/$parent") ;; *) return 1 ;; esac
} 2>/dev/null

# One of several firewalls may be away for weeks, in which snapshots take much room: all that is of no use goes early.
AWAY_MAX=1000

# Keeps the outbox within its bound. What a later intent of the same jail and address, or a later snapshot of the
# jail, says anew is of no use any more and goes first; then whatever is oldest: a snapshot will tell it again.
prune() {
  cd "$box" || return 1
  count_intents
  excess=$((waiting - outbox_max)) all=0
  [ "$box" = "$outbox" ] || [ ! -e .failing ] || [ "$waiting" -le $AWAY_MAX ] || all=1
  [ "$excess" -gt 0 ] || [ $all = 1 ] || return 0
  printf '%s\n' [0-9]*.yaml | grep -xE '[0-9]+-[0-9]+-[0-9]+\.yaml' | awk -v excess="$excess" -v all=$all '
    {
      name[NR] = $0; kind = jail = ip = ""
      while ((getline line < $0) > 0) {
        if (line ~ /^intent: /) kind = substr(line, 9)
        if (line ~ /^jail: /) jail = substr(line, 7)
        if (line ~ /^ip: /) ip = substr(line, 5)
      }
      close($0)
      said[NR] = jail " " (ip != "" ? ip : kind)
      last[said[NR]] = NR
      of[NR] = jail
      if (kind == "snapshot") snapshot[jail] = NR
    }
    END {
      for (i = 1; i <= NR && (all || dropped < excess); i++)
        if (last[said[i]] > i || snapshot[of[i]] > i) { print "superseded", name[i]; gone[i] = 1; dropped++ }
      for (i = 1; i <= NR && dropped < excess; i++)
        if (!gone[i]) { print "oldest", name[i]; dropped++ }
    }' >.dropped
  sed 's/.* //' .dropped | xargs rm -f
  superseded=$(grep -c '^superseded' .dropped)
  [ "$excess" -gt "$superseded" ] || [ $all = 0 ] || return 0
  log warning "the outbox had $waiting intents$for_whom (limit $outbox_max): dropped $superseded superseded ones and the \
$((excess - superseded)) oldest others"
}

# Sets waiting.
count_intents() {
  waiting=0
  for path in "$box"/[0-9]*.yaml; do
    ! is_intent "$path" || waiting=$((waiting + 1))
  done
}
