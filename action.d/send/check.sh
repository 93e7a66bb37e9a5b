# --- check and status: for people ----------------------------------------------------------------------------------

# The article's scripts failed at their first connection, on a host key that nobody had accepted. Better found here.
check() {
  bad=0
  plural=s
  [ -z "$firewall" ] || plural=''
  good "config $conf: server $server, firewall$plural $(list_firewalls) by $transport"
  check_tools
  check_fail2ban
  check_timer
  reached=''
  [ "$bad" -ne 0 ] || of_each check_way
  [ -z "$reached" ] || check_probe
  [ "$bad" -eq 0 ] || fail 1 "$bad of these checks failed"
}

good() { printf 'ok    %s\n' "$1"; }

warn() { # TEXT FIX
  printf 'warn  %s\n      %s\n' "$1" "$2"
}

bad() { # TEXT FIX
  printf 'bad   %s\n      %s\n' "$1" "$2"
  bad=$((bad + 1))
}

check_tools() {
  for tool in "$transport" ssh flock setsid awk timeout; do
    command -v "$tool" >/dev/null || bad "$tool is not installed" "apt install rsync openssh-client util-linux mawk"
  done
  [ "$(TZ=UTC awk 'BEGIN { print mktime("2026 11 25 00 00 00") }' 2>/dev/null)" = 1795564800 ] ||
    bad 'this awk lacks mktime, which snapshots need' 'apt install mawk (1.3.4 or later) or gawk'
  command -v logger >/dev/null || warn 'logger is not installed: only banspool-send status shows failures' 'apt install bsdutils'
  case $(ssh -V 2>&1) in
    *Dropbear*) bad "ssh is Dropbear's, which does not read ssh_config" 'apt install openssh-client' ;;
  esac
  if is_writable; then good "outbox $outbox: $(of_each count_for)"; else
    bad "the outbox $outbox cannot be written" 'run it as root, and check whether the disk is full'
  fi
  foreign=$(find_foreign)
  [ -z "$foreign" ] || warn "not sent, because banspool-send did not write it: $foreign" 'inspect it, and remove it'
  # A socket's path has 107 bytes at the most, and ssh adds 17 to its own while it makes it.
  [ ${#outbox} -le 40 ] || bad "the path of the outbox is longer than 40 characters, too long for ssh's socket there" \
    'set outbox to a shorter path'
}

# Prints how many wait for a firewall; where there are several, after those for the others.
count_for() {
  look_at_waiting
  case $firewalls in
    *' '*) [ "${firewalls%% *}" = "$firewall" ] || printf ', '; printf '%s intents wait for %s' $waiting "$firewall" ;;
    *) printf '%s intents wait' $waiting ;;
  esac
}

check_fail2ban() {
  wait_for_fail2ban
  if [ ! -S "$fail2ban_socket" ]; then
    if [ "$(systemctl is-active fail2ban.service 2>/dev/null)" = failed ]; then
      bad 'fail2ban does not start' \
        'journalctl -u fail2ban shows why; without any log file for sshd: backend = systemd below [sshd] in jail.local'
    else
      warn "fail2ban is not running ($fail2ban_socket)" 'ignore this if sshguard runs; otherwise: systemctl start fail2ban'
    fi
    return
  fi
  list_jails || { warn 'fail2ban does not answer' 'systemctl status fail2ban'; return; }
  ours=$(printf '%s' "$jails" | cut -f 4 | sort -u)
  if [ -n "$ours" ]; then good "fail2ban: jails with the action iptables-remote: $(printf '%s' "$ours" | tr '\n' ' ')"; else
    warn "fail2ban: no jail has the action iptables-remote" \
      'set banaction = iptables-remote in jail.local, then: fail2ban-client reload --restart'
  fi
  check_actions
  check_in_force
  while IFS='	' read -r name _ _ each; do
    case $each in '' | "$name") ;; *) good "jail \"$each\" has the name $name on the firewall" ;; esac
  done <<END
$jails
END
  [ -z "$untold" ] || bad "no snapshots of these jails: banspool-send cannot read their actions from fail2ban: $untold" \
    'check that fail2ban-client get JAIL action ACTION name prints one line'
  [ -z "$odd_ports" ] || warn "unknown ports are read as all ports: $odd_ports" \
    'write numbers, or names from /etc/services, as the port of the jail'
  [ -z "$odd_protocols" ] || warn "unknown protocols are read as all protocols: $odd_protocols" \
    'write tcp, udp, sctp, dccp, icmp, all, or a comma-separated list of these, as the protocol of the jail'
  ! grep -rqsE '^[[:space:]]*banaction_allports[[:space:]]*=[[:space:]]*iptables-remote[[:space:]]*$' \
    /etc/fail2ban/jail.local /etc/fail2ban/jail.d ||
    warn 'banaction_allports = iptables-remote bans only the ports of the jail' \
      'set banaction_allports = iptables-remote-allports, then: fail2ban-client reload --restart'
}

# The article's action has the name of ours, and bans nobody any more: a fail2ban that runs has it until it is restarted.
check_actions() {
  while IFS='	' read -r action each; do
    [ -n "$action" ] || continue
    runs=$(ask get "$each" action "$action" actionban) || continue
    case $runs in
      *banspool-send* | *'<send>'* | '') ;;
      *)
        bad "the action $action of jail $each runs \"$(printf '%s' "$runs" | head -n 1 | cut -c 1-80)\", not banspool-send" \
          "see /etc/fail2ban/action.d/$action.conf and $action.local; then: systemctl restart fail2ban"
        ;;
    esac
  done <<END
$seen
END
}

# fail2ban says OK to a plain reload, after which a jail with a new action has none: it lists bans, and nobody is dropped.
check_in_force() {
  idle=''
  while IFS='	' read -r each action; do
    case $NEW_LINE$has in
      *"$NEW_LINE$each	$NEW_LINE"*) ;;
      *"$NEW_LINE$each	"*) is_named_ours || continue ;;
      *) continue ;;
    esac
    has_ours || case ", $idle," in *", $each,"*) ;; *) idle="${idle:+$idle, }$each" ;; esac
  done <<END
$(ask -d | sed -n "s/^\['set', '\([^']*\)', 'addaction', '\([^']*\)'.*/\1	\2/p")
END
  [ -z "$idle" ] || bad "fail2ban runs these jails without their configured action: $idle" \
    'fail2ban-client reload --restart (a plain reload is not enough)'
}

has_ours() {
  case "$NEW_LINE$ours$NEW_LINE" in *"$NEW_LINE$each$NEW_LINE"*) ;; *) return 1 ;; esac
}

# Just after `systemctl restart fail2ban` it has no jails yet.
wait_for_fail2ban() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ ! -S "$fail2ban_socket" ] || ! ask status | grep -q 'Jail list:[[:space:]]*[^[:space:]]' || return
    case $(systemctl is-active fail2ban.service 2>/dev/null) in active | activating | reloading) sleep 1 ;; *) return ;; esac
  done
}

# Without the timer nothing is sent again that did not arrive, and no snapshot.
check_timer() {
  [ -d /run/systemd/system ] && command -v systemctl >/dev/null || return 0
  if systemctl is-active --quiet banspool-send.timer; then good 'banspool-send.timer runs'; else
    warn 'banspool-send.timer is not running: undelivered files wait, and no snapshots are sent' \
      'systemctl enable --now banspool-send.timer'
  fi
  ! systemctl is-failed --quiet banspool-send.service ||
    warn 'the last run of banspool-send.service failed' 'see journalctl -u banspool-send.service'
}

# A key as it should be gets as far as the forced command, which turns `true` away. Adds to reached.
check_way() {
  was_bad=$bad
  # Not over a connection that stands, and with what ssh says at INFO alone, such as that no cipher is common to both: of
  # an option that is given twice, ssh takes the first. The probe goes over this one: an sshd may count them.
  set_ssh_options
  # Options without blanks.
  # shellcheck disable=SC2086
  ssh $ssh_options -O stop "$firewall" >/dev/null 2>&1 </dev/null
  # shellcheck disable=SC2086
  ssh -o LogLevel=INFO $ssh_options "$firewall" true >"$outbox/.said" 2>&1 </dev/null
  code=$?
  said=$(tr -d '\r' <"$outbox/.said")
  case $code/$said in
    0/*)
      warn "this key opens a shell on $firewall" "run there: banspool server add $server --key FILE; then remove the old line"
      ;;
    255/*'HOST IDENTIFICATION HAS CHANGED'*)
      bad "the host key of $firewall has changed" 'find out why before you accept the new key'
      ;;
    255/*'Host key verification failed'*)
      bad "the host key of $firewall is unknown" "ssh-keyscan -t ed25519 $firewall >>the known_hosts file that ssh_config \
names, and compare: ssh-keygen -lf FILE here, ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub there"
      ;;
    255/*'Permission denied'*)
      bad "$firewall does not accept this key" "run there: banspool server add $server --key FILE"
      ;;
    255/*)
      if is_turned_away "$said"; then
        bad "$firewall closes the connection before its greeting: $(printf '%s' "$said" | tail -n 1)" "$TURNED_AWAY"
        return
      fi
      bad "no connection to $firewall: $(printf '%s' "$said" | tail -n 1)" "check that it is up and that sshd listens there"
      ;;
    *) good "$firewall: host key known, key accepted, no shell" ;;
  esac
  known_as=$(printf '%s\n' "$said" | sed -n 's/^banspool-receive: this key .* into the folder of \([a-z0-9.-]*\)$/\1/p')
  [ -z "$known_as" ] || [ "$known_as" = "$server" ] ||
    bad "$firewall knows this key as the key of $known_as, but $conf has server = $server" \
      "set server = $known_as; or, to name it $server, run there: banspool server add $server --key FILE"
  [ "$bad" -ne "$was_bad" ] || reached="$reached $firewall"
}

# An unban of an address that is nobody's (RFC 5737): it changes no rule. To those alone that a way leads to: an sshd may
# count the others' tries.
check_probe() {
  intent=unban jail=banspool-check
  now
  put "ip: \"192.0.2.1\"
time: $now_s"
  probe=$name
  only=$reached
  ship --once
  for each_firewall in $reached; do
    turn_to "$each_firewall"
    check_arrival
  done
  choose_folder
}

check_arrival() {
  at=${to_whom:+$firewall: }
  if [ -e "$outbox/$probe" ]; then waits_in=$outbox; else waits_in=$box; fi
  if [ -e "$waits_in/$probe" ]; then
    bad "${at}a probe did not arrive: $(cut -d ' ' -f 2- "$waits_in/.failing" 2>/dev/null)" "run there: banspool doctor"
    return
  fi
  [ "$transport" = rsync ] || { good "${at}a probe arrived; banspool status on the firewall shows whether it was read"; return; }
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    if is_taken "$probe"; then
      good "${at}a probe arrived, and a pass took it from the spool"
      return
    fi
    sleep 1
  done
  bad "${at}a probe arrived, but no pass read it from the spool within 10 s" "check the controller there: banspool status"
}

# What rsync would send again is no longer there.
is_taken() { # NAME
  : >"$outbox/.$1.again"
  set_ssh_options
  would=$(cd "$outbox" && rsync --dry-run --ignore-existing --out-format=%n -e "ssh $ssh_options" ".$1.again" "$target:$1" 2>/dev/null)
  rm -f "$outbox/.$1.again"
  [ -n "$would" ]
}
