# --- config ------------------------------------------------------------------------------------------------------

read_config() {
  conf=${BANSPOOL_SEND_CONF:-/etc/banspool/send.conf}
  firewalls='' server='' transport=rsync ssh_config=/etc/banspool/ssh_config
  outbox=/var/spool/banspool-send outbox_max=10000
  fail2ban_socket=/run/fail2ban/fail2ban.sock sshguard_bantime=86400 sshguard_ports=all
  [ -r "$conf" ] || fail 2 "cannot read $conf" 'banspool-send --help describes this file'
  line_number=0
  while read -r line || [ -n "$line" ]; do
    line_number=$((line_number + 1))
    case $line in
      '' | '#'*) ;;
      *=*) set_key "${line%%=*}" "${line#*=}" ;;
      *) fail 2 "$conf:$line_number: \"$line\" is not KEY = VALUE" ;;
    esac
  done <"$conf"
  [ -n "$firewalls" ] || fail 2 "$conf: firewall is not set" 'add a line: firewall = fw.example.net'
  [ -n "$server" ] || fail 2 "$conf: server is not set" "add a line: server = $(uname -n | tr ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz)"
  choose_folder
}

set_key() { # KEY VALUE, with blanks around them
  key=${1%"${1##*[! 	]}"}
  value=${2#"${2%%[! 	]*}"}
  value=${value%"${value##*[! 	]}"}
  good=no
  case $key in
    firewall)
      is_word "$value" '!A-Za-z0-9._:@%-' && good=yes
      case " $firewalls " in *" $value "*) ;; *) firewalls=${firewalls:+$firewalls }$value ;; esac
      ;;
    server)
      server=$value
      is_server "$value" || fail 2 "$conf:$line_number: \"$value\" is not a valid server name" "$server_rule"
      good=yes
      ;;
    transport) transport=$value; case $value in rsync | scp) good=yes ;; esac ;;
    # ssh and rsync take them apart at blanks and at %.
    ssh_config) ssh_config=$value; is_path "$value" && good=yes ;;
    outbox) outbox=$value; is_path "$value" && good=yes ;;
    fail2ban_socket) fail2ban_socket=$value; is_path "$value" && good=yes ;;
    outbox_max) outbox_max=$value; is_number "$value" && [ "$value" -ge 100 ] && good=yes ;;
    sshguard_bantime) sshguard_bantime=$value; is_number "$value" && [ "$value" -gt 0 ] && good=yes ;;
    sshguard_ports) sshguard_ports=$value; is_word "$value" '!A-Za-z0-9,:-' && good=yes ;;
    *) fail 2 "$conf:$line_number: unknown key \"$key\"" 'banspool-send --help lists the keys' ;;
  esac
  [ "$good" = yes ] || fail 2 "$conf:$line_number: \"$value\" is not a valid value of $key" 'banspool-send --help shows an example'
}

server_rule="a name is 1-$SERVER_LENGTH characters of a-z 0-9 . - and begins with a letter or digit"

is_server() { # TEXT
  case $1 in .*) return 1 ;; esac
  [ ${#1} -le $SERVER_LENGTH ] && is_word "$1" '!a-z0-9.-'
}

is_word() { # TEXT CLASS: not empty, nothing of the class in it, no option
  # The class is a pattern, on purpose.
  # shellcheck disable=SC2254
  case $1 in '' | -* | *[$2]*) return 1 ;; esac
}

is_path() { # TEXT
  case $1 in /*) is_word "$1" '!A-Za-z0-9/._,@+-' ;; *) return 1 ;; esac
}

is_number() { # TEXT: whole, not too long for arithmetic, and without the zero ahead that would make it octal
  case $1 in '' | 0?* | *[!0-9]* | ????????????*) return 1 ;; esac
}
