# --- setup: what a server needs, once -------------------------------------------------------------------------------

# The config comes last: with it the timer begins to send.
set_up() { # FIREWALL [--add] [--server NAME] [--scp]
  wants_firewall='' wants_server='' wants_transport=rsync user=fail2ban adds=no
  while [ $# -gt 0 ]; do
    case $1 in
      --server)
        [ $# -ge 2 ] || fail 2 '--server needs a name' 'banspool-send setup fw.example.net --server web1'
        wants_server=$2
        shift
        ;;
      --scp) wants_transport=scp ;;
      --add) adds=yes ;;
      -* | '') fail 2 "unknown option \"$1\" of setup" 'banspool-send setup fw.example.net --server web1' ;;
      *)
        [ -z "$wants_firewall" ] || fail 2 "setup takes one firewall; \"$1\" is a second one" \
          "banspool-send setup $wants_firewall; then: banspool-send setup $1 --add"
        wants_firewall=$1
        ;;
    esac
    shift
  done
  conf=${BANSPOOL_SEND_CONF:-/etc/banspool/send.conf}
  etc=${conf%/*}
  [ $adds = no ] || take_over
  [ -n "$wants_firewall" ] || fail 2 "setup needs the firewall's name or address" 'banspool-send setup fw.example.net'
  is_word "$wants_firewall" '!A-Za-z0-9._:%-' || fail 2 "\"$wants_firewall\" is not a valid name or address of a firewall" \
    'banspool-send setup fw.example.net'
  name_server
  (umask 022 && mkdir -p "$etc") || fail 1 "cannot create $etc" 'run it as root'
  [ -w "$etc" ] || fail 1 "cannot write to $etc" 'run it as root'
  require_same
  make_key
  learn_host_key
  write_ssh_config
  write_config
  say_what_is_next
}

# One more firewall is like the first in what was not said.
take_over() {
  [ -e "$conf" ] || return 0
  wants_server=${wants_server:-$(values_of server | tail -n 1)}
  is=$(values_of transport | tail -n 1)
  [ "$wants_transport" = scp ] || wants_transport=${is:-rsync}
}

# In lower case, and without the domain.
name_server() {
  [ -n "$wants_server" ] || wants_server=$(uname -n | tr '[:upper:]' '[:lower:]' | sed 's/\..*//')
  is_server "$wants_server" || fail 2 "\"$wants_server\" is not a valid server name: $server_rule" \
    "banspool-send setup $wants_firewall --server web1"
  [ "$wants_transport" = rsync ] || user=banspool-$wants_server
}

# A server that sends somewhere already is not turned to somewhere else by a command that was meant for another.
require_same() {
  [ -e "$conf" ] || return 0
  for key in server transport; do
    is=$(values_of $key | tail -n 1)
    case $key in server) wanted=$wants_server ;; *) wanted=$wants_transport ;; esac
    [ -z "$is" ] || [ "$is" = "$wanted" ] || fail 1 "$conf has $key = $is, not $wanted" \
      "edit it, or remove the line, and run this again"
  done
  is=$(values_of firewall | tail -n 1)
  [ -z "$is" ] || [ $adds = yes ] || is_known || fail 1 "$conf has firewall = $is, not $wants_firewall" \
    "to send to both, add --add; otherwise edit it, or remove the line, and run this again"
}

values_of() { # KEY
  sed -n "s/^[[:space:]]*${1}[[:space:]]*=[[:space:]]*//p" "$conf" | sed 's/[[:space:]]*$//'
}

is_known() {
  values_of firewall | grep -qxF -e "$wants_firewall"
}

make_key() {
  [ ! -e "$etc/key" ] || return 0
  ssh-keygen -q -t ed25519 -N '' -C "banspool $wants_server" -f "$etc/key" </dev/null ||
    fail 1 "ssh-keygen cannot create $etc/key" 'apt install openssh-client, and run it as root'
}

# One connection: an sshd of OpenSSH 10 counts those that do not log in, and turns their address away for a while.
learn_host_key() {
  [ -s "$etc/known_hosts" ] && ssh-keygen -F "$wants_firewall" -f "$etc/known_hosts" >/dev/null && return 0
  keys=$(ssh-keyscan -t ed25519 -- "$wants_firewall" 2>/dev/null </dev/null)
  [ -n "$keys" ] || fail 1 "no sshd answers on $wants_firewall with an ed25519 host key" \
    "check the name, and that sshd listens there; for another type of host key, run ssh-keyscan $wants_firewall >>$etc/known_hosts, and run this again"
  printf '%s\n' "$keys" >>"$etc/known_hosts" || fail 1 "cannot write $etc/known_hosts"
}

write_ssh_config() {
  if [ -e "$etc/ssh_config" ]; then
    ! grep -qE "^[[:space:]]*Host[[:space:]](.*[[:space:]])?$wants_firewall([[:space:]]|\$)" "$etc/ssh_config" || return 0
    [ $adds = yes ] ||
      fail 1 "$etc/ssh_config has no Host $wants_firewall" "add one, with User $user, IdentityFile $etc/key, UserKnownHostsFile $etc/known_hosts"
    end_line "$etc/ssh_config"
  fi
  cat >>"$etc/ssh_config" <<END || fail 1 "cannot write $etc/ssh_config"
Host $wants_firewall
  User $user
  IdentityFile $etc/key
  IdentitiesOnly yes
  UserKnownHostsFile $etc/known_hosts
END
}

end_line() { # PATH, of a file whose last line may lack its line feed
  [ ! -s "$1" ] || [ -z "$(tail -c 1 "$1")" ] || echo >>"$1"
}

write_config() {
  for line in "firewall = $wants_firewall" "server = $wants_server" "transport = $wants_transport"; do
    ! grep -qE "^[[:space:]]*${line%% *}[[:space:]]*=" "$conf" 2>/dev/null || is_missing "$line" || continue
    [ ! -e "$conf" ] || end_line "$conf"
    printf '%s\n' "$line" >>"$conf" || fail 1 "cannot write $conf"
  done
}

# Of the firewalls there may be several.
is_missing() { # LINE
  case $1 in firewall*) ! is_known ;; *) false ;; esac
}

say_what_is_next() {
  scp_option=''
  [ "$wants_transport" = rsync ] || scp_option=' --scp'
  fingerprint=$(ssh-keygen -F "$wants_firewall" -l -f "$etc/known_hosts" | grep -v '^#' | head -n 1)
  cat <<END
$wants_server will send to $wants_firewall: $conf, $etc/key, $etc/ssh_config

1. The host key of $wants_firewall is $fingerprint
   Compare it with what this prints there: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub
2. There, as root, allow this server:

   echo '$(cat "$etc/key.pub")' | banspool server add $wants_server$scp_option --key -

3. Here again: banspool-send check
END
}
