# --- snapshot: all bans of each jail --------------------------------------------------------------------------------

SNAPSHOT_EVERY_MS=300000

# How long a jail that started, stopped or restored a ban shows only some of them, at the most.
SETTLE_MS=180000

# The heading needs some of a file; what the firewall refuses would hold up all that waits behind it.
SNAPSHOT_MAX_BYTES=$((FILE_BYTES - 2 * TEXT_LENGTH - 1000))

snapshot() { # [--now]
  now
  last=0
  [ ! -e "$outbox/.snapshot" ] || read -r last <"$outbox/.snapshot"
  # One of the future is of a clock that was set back.
  if [ "${1:-}" = --now ] || [ $((now_ms - last)) -ge $SNAPSHOT_EVERY_MS ] || [ $((now_ms - last)) -lt 0 ]; then
    printf '%s\n' "$now_ms" >"$outbox/.snapshot"
    take_snapshots all
  fi
  ship --timed
}

# Also between two runs of the timer: after a reload, and where one of several jails of a name lifted something.
is_snapshot_wanted() {
  for want in "$box/.want,"*; do
    [ -e "$want" ] || continue
    jail=${want#*/.want,}
    ! is_settled || return 0
  done
  return 1
}

# One at a time, and without the lock of who ships: to ask takes its time, and bans go on meanwhile.
take_wanted() {
  exec 7>"$outbox/.asking"
  flock -n 7 7>&7 || return 1
  exec 9>&-
  take_snapshots wanted
  exec 7>&-
}

# Without fail2ban there is nothing to tell, which is not the same as nothing banned.
take_snapshots() { # all | wanted
  [ -S "$fail2ban_socket" ] || return 0
  # One of the future is of a clock that was set back.
  if [ -z "$(find "$fail2ban_socket" \( -mmin +2 -o -mmin -0 \))" ]; then
    [ "$1" = wanted ] || log info 'fail2ban has only just started: no snapshot yet'
    return 0
  fi
  use_time_zone_of_fail2ban
  if [ "$1" = all ] || ! recall_jails; then list_jails || return 0; fi
  intent=snapshot
  for jail in $(names_of_jails); do
    [ "$1" = all ] || [ -e "$outbox/.want,$jail" ] || continue
    snapshot_name
  done
  [ "$1" = all ] || forget_wants
}

# Those of names that no jail has.
forget_wants() {
  for want in "$outbox/.want,"*; do
    [ ! -e "$want" ] || is_name_of_jail "${want#*/.want,}" || rm -f "$want"
  done
}

# All bans of all jails whose actions have this name. Dated before the lists are asked for: what happens meanwhile is newer
# than the snapshot, and is not undone by it.
snapshot_name() {
  is_settled || return 0
  taken_s=$now_s
  rm -f "$outbox/.want,$jail"
  read_scope
  known=$holders holders=0 ports='' protocol='' lists='' asked='	'
  while IFS='	' read -r name its_ports its_protocol each; do
    [ "$name" = "$jail" ] || continue
    add_holder
    case $asked in *"	$each	"*) continue ;; esac
    asked="$asked$each	"
    list=$(ask get "$each" banip --with-time) || { log warning "no snapshot of jail $each: $list"; return 0; }
    lists=$lists$list$NEW_LINE
  done <<END
$jails
END
  # Of a jail that did not answer nobody knows the names.
  [ "$is_whole" = yes ] || [ $holders -ge "$known" ] || return 0
  is_settled || return 0
  bans=$(printf '%s' "$lists" | list_bans) || { log warning "no snapshot of jail $jail: $bans"; return 0; }
  if [ ${#bans} -gt $SNAPSHOT_MAX_BYTES ]; then
    log warning "no snapshot of jail $jail: with all its bans it is larger than the $((FILE_BYTES / 1048576)) MiB that the firewall accepts"
    return 0
  fi
  put "ports: \"$ports\"
protocol: \"$protocol\"
time: $taken_s
bans:${bans:- []}"
}

# Sets the time as well.
is_settled() {
  unsettled=0
  [ ! -e "$outbox/.unsettled,$jail" ] || read -r unsettled <"$outbox/.unsettled,$jail"
  now
  # One of the future is of a clock that was set back: when it was, nobody knows.
  [ $((now_ms - unsettled)) -ge 0 ] || mark_unsettled
  [ $((now_ms - unsettled)) -ge $SETTLE_MS ]
}

# fail2ban waits for no more of this script to be read.
[ "$command/$#" != ship/0 ] || set -- --once
case $command in queue | ship | snapshot) run "$@" ;; esac
