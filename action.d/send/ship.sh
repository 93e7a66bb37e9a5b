# --- ship: the outbox to the firewall -------------------------------------------------------------------------------

# --again is in the background, after a failure several times, with growing pauses; --timed leaves alone who refused.
ship() { # --once, --timed or --again
  shippers=''
  ship_box "$1"
  result=$?
  for shipper in $shippers; do
    wait "$shipper" || result=1
  done
  return $result
}

# One ships and one more waits: whoever comes third can leave, because the one who waits has yet to look.
ship_box() { # --once, --timed or --again
  if [ "$1" = --timed ] && is_backing_off; then
    fail 1 "$firewall refused this server's key or has another host key: see banspool-send status"
  fi
  exec 8>"$box/.waiting" 9>"$box/.shipping"
  if [ "$1" = --again ]; then
    ! is_backing_off || return 0
    # Some shells close what a program was not told of.
    flock -n 9 9>&9 || { flock -n 8 8>&8 && flock 9 9>&9; } || return 0
  else
    { lock 8 8>&8 && lock 9 9>&9; } || fail 1 "another process has been delivering$to_whom for 60 s" 'banspool-send status shows why'
  fi
  [ "$box" != "$outbox" ] || pace
  exec 8>&-
  tries=0 is_news=yes
  while :; do
    if [ "$box" = "$outbox" ]; then
      # Under this lock it is settled who gets what waits, also where send.conf has changed since.
      its_outbox=$outbox
      read_config
      [ "$outbox" = "$its_outbox" ] || return 0
      : >"$outbox/.wanted"
    fi
    release_due
    prune
    sent=no
    pass_on
    passed=$?
    [ -n "$firewall" ] || [ $is_news = no ] || { is_news=no && ship_to_each "$1"; }
    if [ $passed -eq 0 ]; then
      tries=0
      [ -z "$firewall" ] || [ ! -e "$box/.refused" ] || rm -f "$box/.refused"
      tell_recovered
      if is_snapshot_wanted && take_wanted; then
        ! is_anything_left || ship_box "$1"
        return
      fi
    else
      # Of one that send.conf names no more.
      [ -d "$box" ] || return 0
      tell_failing
      ! is_refused || { back_off; return 1; }
      tries=$((tries + 1))
      { [ "$1" = --again ] && [ "$tries" -le 5 ]; } || return 1
      sleep $((1 << (tries - 1)))
    fi
    is_anything_left || return 0
    if [ "$sent" = yes ]; then pace
    elif [ "$tries" -eq 0 ]; then sleep 1; fi
  done
}

# That of busybox or toybox cannot wait for a time.
lock() { # DESCRIPTOR
  ! flock -n "$1" || return 0
  case $(flock --version 2>&1) in *util-linux*) flock -w 60 "$1"; return ;; esac
  for _ in $(seq 60); do
    sleep 1
    ! flock -n "$1" || return 0
  done
  return 1
}

# One delivery costs as much as ten bans, on both sides. So of a row of them the second goes at once, the next ones wait
# for more to come, and a burst goes in one a second.
pace() {
  read_row
  case $row in
    0 | 1) return ;;
    2) gap_ms=250 ;;
    3) gap_ms=500 ;;
    *) gap_ms=1000 ;;
  esac
  now
  gap_ms=$((gap_ms - (now_ms - delivered)))
  # More is of a clock that was set back.
  { [ "$gap_ms" -gt 0 ] && [ "$gap_ms" -le 1000 ]; } || return 0
  thousandths=$((1000 + gap_ms % 1000))
  # Some know whole seconds only.
  sleep "$((gap_ms / 1000)).${thousandths#1}" 2>/dev/null || sleep 1
}

# A delivery that comes later than this after the last is the first of a row.
ROW_MS=3000

note_delivery() {
  read_row
  now
  { [ $((now_ms - delivered)) -ge 0 ] && [ $((now_ms - delivered)) -lt $ROW_MS ]; } || row=0
  printf '%s\n' "$now_ms" >"$box/.delivered"
  printf '%s\n' $((row + 1)) >"$box/.row"
}

# Sets delivered, and row, its place in its row. A full disk may have cut off what was written.
read_row() {
  delivered=0 row=0
  [ ! -e "$box/.delivered" ] || read -r delivered <"$box/.delivered"
  [ ! -e "$box/.row" ] || read -r row <"$box/.row"
  is_word "$delivered" '!0-9' || delivered=0
  is_number "$row" || row=0
}

# Held flushes that no stop came for in half of the time that it has at the firewall.
release_due() {
  for held in "$box/.held,"*; do
    [ -e "$held" ] || continue
    now
    held_for "$held"
    [ $held_ms -lt $((STOP_FOLLOWS_MS / 2)) ] || release "$held"
  done
}

is_anything_left() {
  for left in "$box"/[0-9]*.yaml; do
    ! is_intent "$left" || return 0
  done
  for left in "$box/.held,"*; do
    [ ! -e "$left" ] || return 0
  done
  return 1
}

# Whatever else somebody put there is no business of ours, and transports would stumble over it.
is_intent() { # PATH
  stem=${1##*/}
  stem=${stem%.yaml}
  case $stem in *[!0-9-]* | *-*-*-* | *- | *--*) return 1 ;; [0-9]*-*-*) [ -f "$1" ] && [ ! -L "$1" ] ;; *) return 1 ;; esac
}

pass_on() {
  [ "$box" != "$outbox" ] || settle_folders || return 1
  if [ -n "$firewall" ]; then deliver "send_by_$transport"; else deliver link_to_each; fi
}

# Hands all that waits to who carries it, in the order of the names; true when nothing waited. In batches, each of which
# goes from here once the whole of it is there: after a cut the rest of it is sent again, which changes nothing.
deliver() { # CARRIER
  carrier=$1
  cd "$box" || return 1
  set -- [0-9]*.yaml
  while [ $# -gt 0 ]; do
    batch='' size=0
    while [ $# -gt 0 ] && [ "$size" -lt 1000 ]; do
      if ! is_intent "$1"; then :
      elif [ -s "$1" ]; then batch="$batch $1" size=$((size + 1))
      else drop_empty "$1"; fi
      shift
    done
    [ -n "$batch" ] || return 0
    # Names and options without blanks, made by this script.
    # shellcheck disable=SC2086
    "$carrier" $batch 2>.error 8>&- 9>&- && rm -f $batch || return 1
    note_delivery
    sent=yes is_news=yes
  done
}

# A file is not synced when it is written: that would hold fail2ban up. The next snapshot says what it said.
drop_empty() { # NAME
  rm -f "$1"
  log warning "dropped $1, which a crash of this machine left empty"
}

# rsync puts each file in place whole, under its name. The firewall knows the line that this makes: see banspool-receive.
send_by_rsync() { # NAME...
  set_ssh_options
  rsync --perms --chmod=F644 --whole-file --timeout=$STALLED_S -e "ssh $ssh_options" "$@" "$target:"
}

# scp writes in place; the last line of an intent tells the firewall that it is whole. Not -q, which would keep ssh from
# saying what went wrong.
send_by_scp() { # NAME...
  set_ssh_options
  # shellcheck disable=SC2086
  scp $ssh_options "$@" "$target:" >/dev/null
}

# Sets ssh_options. Nobody is here to answer a question; a host key that is not known is an error. One connection serves for
# a minute. At any level but ERROR the banner of an sshd comes ahead of what ssh has to say.
#
# Sets target as well: rsync and scp take what stands before a colon for the host.
set_ssh_options() {
  ssh_options="-o LogLevel=ERROR -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=10 -o ServerAliveInterval=10 \
-o ServerAliveCountMax=3 -o ControlMaster=auto -o ControlPersist=60 -o ControlPath=$outbox/.ssh-%C"
  [ ! -e "$ssh_config" ] || ssh_options="-F $ssh_config $ssh_options"
  case $firewall in
    *@*:*) target="${firewall%@*}@[${firewall##*@}]" ;;
    *:*) target="[$firewall]" ;;
    *) target=$firewall ;;
  esac
}
