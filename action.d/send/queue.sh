# --- queue: one intent into the outbox ------------------------------------------------------------------------------

# fail2ban calls this with whatever somebody gave it: `fail2ban-client set JAIL banip` takes any text.
queue() { # INTENT OPTION VALUE...
  intent=${1:-}
  jail='' ip='' ports='' protocol='' time='' bantime='' failures='' restored=''
  [ $# -eq 0 ] || shift
  while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || fail 2 "$1 needs a value" 'banspool-send --help shows the options'
    case $1 in
      --jail) jail=$2 ;;
      --ip) ip=$2 ;;
      --ports) ports=$2 ;;
      --protocol) protocol=$2 ;;
      --time) time=$2 ;;
      --bantime) bantime=$2 ;;
      --failures) failures=$2 ;;
      --restored) restored=$2 ;;
      *) fail 2 "unknown option \"$1\"" 'banspool-send --help shows the options' ;;
    esac
    shift 2
  done
  check_fields
  now
  [ "$restored" != 1 ] || mark_unsettled
  read_scope
  case $intent in
    ban | prolong)
      [ "$holders" -lt 2 ] || widen_scope
      put_ban
      ;;
    unban) put_unban ;;
    start | reload)
      # A reload leaves the bans of a jail as they are, but for their ends where the length changed: nothing else tells.
      if [ "$intent" = reload ]; then want_snapshot; else mark_unsettled; fi
      change_scope
      put "ports: \"$ports\"
protocol: \"$protocol\"
time: $now_s"
      ;;
    stop)
      mark_unsettled
      forget_flush
      change_scope
      put "time: $now_s"
      ;;
    flush)
      mark_unsettled
      hold "time: $now_s"
      ;;
  esac
  start_shipper
}

check_fields() {
  case $intent in
    ban | prolong | unban) is_net "$ip" || fail 2 "--ip: \"$ip\" is not an IP address or network; host names are not resolved" ;;
    start | stop | flush | reload) ;;
    *) fail 2 "\"$intent\" is not ban, prolong, unban, start, stop, flush or reload" ;;
  esac
  name_jail "$jail" || fail 2 "--jail: \"$jail\" is not a valid jail name"
  case $ports in -*) fail 2 "--ports: \"$ports\" is not a list of ports" ;; esac
  number_ports "$ports"
  [ -z "$odd" ] || log warning "jail $jail: \"$odd\" is neither a port nor a service of this server: read as all ports"
  case $protocol in -*) fail 2 "--protocol: \"$protocol\" is not a list of protocols" ;; esac
  name_protocols "$protocol"
  [ -z "$odd" ] || log warning "jail $jail: \"$odd\" is not a protocol that banspool knows: read as all protocols"
  case $bantime in
    *[!0-9.e+]* | [!0-9]*) ;;
    *e+*) bantime=$MOST_SECONDS ;;
    *) whole=${bantime%%.*} && [ ${#whole} -le ${#MOST_SECONDS} ] || bantime=$MOST_SECONDS ;;
  esac
  is_seconds "${time:=0}" || fail 2 "--time: \"$time\" is not a number of seconds since 1970"
  [ "${bantime:=-1}" = -1 ] || is_seconds "$bantime" || fail 2 "--bantime: \"$bantime\" is not a number of seconds, or -1"
  { is_number "${failures:=0}" && [ ${#failures} -le $COUNT_DIGITS ]; } || fail 2 "--failures: \"$failures\" is not a count"
  case ${restored:=0} in 0 | 1) ;; *) fail 2 "--restored: \"$restored\" is not 0 or 1" ;; esac
}

# What ended by itself has done so at the firewall too.
put_unban() {
  if [ "$holders" -lt 2 ]; then
    put "ip: \"$ip\"
time: $now_s"
  elif [ "$bantime" = -1 ] || [ $(((${time%%.*} + ${bantime%%.*}) * 1000)) -gt "$now_ms" ]; then
    want_snapshot
  fi
}

# The claim ends when fail2ban means it to, but it is dated now, when the ban was decided: <time> is that of the last
# failure, which may lie before an unban that this ban comes after. fail2ban's own list of bans cuts the fractions of
# seconds off, and its database rounds: with the next whole second as the end all three tell of the same ban.
# What fail2ban restores after a restart is old news, and keeps its date.
put_ban() {
  said=$now_s
  left=$bantime
  if [ "$restored" = 1 ] && [ "$time" != 0 ]; then
    said=$time
  elif [ "$time" != 0 ] && [ "$bantime" != -1 ]; then
    left_ms=$(((${time%%.*} + 1 + ${bantime%%.*}) * 1000 - now_ms))
    [ "$left_ms" -ge 0 ] || left_ms=0
    thousandths=$((1000 + left_ms % 1000))
    left=$((left_ms / 1000)).${thousandths#1}
  fi
  put "ip: \"$ip\"
ports: \"$ports\"
protocol: \"$protocol\"
time: $said
bantime: $left
failures: $failures
restored: $restored"
}
