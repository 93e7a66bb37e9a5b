# --- fields: what may stand in an intent -------------------------------------------------------------------------

# Sets jail: the name as it is or, of one that the firewall would refuse, such as "my jail", a name of that jail alone.
name_jail() { # NAME
  jail=$1
  case $1 in
    '' | --jail | --ip | --ports | --protocol | --time | --bantime | --failures | --restored) return 1 ;;
    [!A-Za-z0-9]* | *[!A-Za-z0-9_.-]*) ;;
    *) [ ${#1} -gt $JAIL_LENGTH ] || return 0 ;;
  esac
  sum=$(printf '%s' "$1" | cksum)
  jail=$(printf '%s' "$1" | tr -c 'A-Za-z0-9_.-' - | cut -c 1-48)
  case $jail in [!A-Za-z0-9]*) jail=jail$jail ;; esac
  jail=$jail-${sum%% *}
}

# Sets ports: numbers, ranges and names that every firewall knows, or all. What else may stand there is of this server,
# as a name in its /etc/services, or a mistake, which is set as odd: too wide for an attacker hurts less than no ban.
number_ports() { # TEXT
  ports='' odd=''
  split "$1"
  for word in $words; do
    case $word in
      any | anyport | all | 0) ports=all; return ;;
      ftp-data | ftp | ssh | telnet | smtp | domain | http | pop3 | imap | imap2 | imap3 | https | submissions | submission | \
        ftps-data | ftps | imaps | pop3s | mysql | sieve) ;;
      *[!0-9:-]*) word=$(number_of "$word") ;;
      *) is_port "${word%%[:-]*}" && is_port "${word#*[:-]}" && [ "${word%%[:-]*}" -le "${word#*[:-]}" ] || word='' ;;
    esac
    [ -n "$word" ] || { odd=$1 ports=all; return; }
    ports=${ports:+$ports,}$word
  done
  # The firewall takes no longer ones.
  [ ${#ports} -le $TEXT_LENGTH ] || ports=all
  : "${ports:=all}"
}

# Sets protocol: names that the firewall knows, or all. iptables takes any letters, and numbers. What else may stand there
# is set as odd, as of ports.
name_protocols() { # TEXT
  protocol='' odd=''
  split "$1"
  for word in $words; do
    case $word in
      [Tt][Cc][Pp] | 6) word=tcp ;;
      [Uu][Dd][Pp] | 17) word=udp ;;
      [Ss][Cc][Tt][Pp] | 132) word=sctp ;;
      [Dd][Cc][Cc][Pp] | 33) word=dccp ;;
      [Ii][Cc][Mm][Pp] | [Ii][Cc][Mm][Pp][Vv]6 | [Ii][Pp][Vv]6-[Ii][Cc][Mm][Pp] | 1 | 58) word=icmp ;;
      [Aa][Ll][Ll] | [Aa][Nn][Yy] | 0) protocol=all; return ;;
      *) odd=$1 protocol=all; return ;;
    esac
    case ,$protocol, in *",$word,"*) ;; *) protocol=${protocol:+$protocol,}$word ;; esac
  done
  : "${protocol:=tcp}"
}

# Sets words, with blanks between them.
split() { # TEXT, with commas or blanks
  words=''
  text=$1
  while [ -n "$text" ]; do
    case $text in
      [,\ \	]* | "$NEW_LINE"*) text=${text#?} ;;
      *)
        word=${text%%[, 	"$NEW_LINE"]*}
        text=${text#"$word"}
        # Of what a pattern would find files for.
        case $word in *[!A-Za-z0-9_:.-]*) word='?' ;; esac
        words="$words $word"
        ;;
    esac
  done
}

NEW_LINE='
'

is_port() { # TEXT
  is_number "$1" && [ "$1" -le 65535 ]
}

# Prints the port of a service, nothing of one that this server does not know. LDAP and the like may take their time, which
# fail2ban has not.
number_of() { # NAME
  case $1 in [!A-Za-z0-9]*) return ;; esac
  { [ -r /etc/services ] && find_service "$1" </etc/services; } || timeout 2 getent services "$1" 2>/dev/null | find_service "$1"
}

find_service() { # NAME
  awk -v wanted="$1" '
    {
      sub(/#.*/, "")
      for (i = 1; i <= NF; i++)
        if (i != 2 && $i == wanted && $2 ~ /^[0-9]+\/[a-z]+$/ && $2 + 0 <= 65535) { print $2 + 0; found = 1; exit }
    }
    END { exit !found }'
}

# The firewall would refuse what is none, and of a snapshot all of it.
is_net() { # TEXT
  length=0 net=$1
  case $1 in
    */*)
      length=${1#*/} net=${1%%/*}
      case $length in '' | 0?* | *[!0-9]* | ????*) return 1 ;; esac
      ;;
    0.0.0.0 | ::) return 1 ;;
  esac
  case $net in
    *:*.*) is_ipv4 "${net##*:}" && is_ipv6 "${net%:*}:0:0" && [ "$length" -le 128 ] ;;
    *:*) is_ipv6 "$net" && [ "$length" -le 128 ] ;;
    *) is_ipv4 "$net" && [ "$length" -le 32 ] ;;
  esac
}

is_ipv4() { # TEXT
  case $1 in *[!0-9.]* | *.*.*.*.*) return 1 ;; *.*.*.*) ;; *) return 1 ;; esac
  rest=$1.
  while [ -n "$rest" ]; do
    part=${rest%%.*} rest=${rest#*.}
    case $part in '' | 0?* | ????*) return 1 ;; esac
    [ "$part" -le 255 ] || return 1
  done
}

is_ipv6() { # TEXT
  case $1 in *[!0-9A-Fa-f:]* | *:::* | *::*::* | :[!:]* | *[!:]:) return 1 ;; esac
  parts=0 rest=$1:
  while [ -n "$rest" ]; do
    part=${rest%%:*} rest=${rest#*:}
    case $part in ?????*) return 1 ;; ?*) parts=$((parts + 1)) ;; esac
  done
  case $1 in *::*) [ $parts -le 7 ] ;; *) [ $parts -eq 8 ] ;; esac
}

is_seconds() { # TEXT: fail2ban's <time> may have a fraction
  case $1 in
    *.*) is_number "${1%%.*}" && is_word "${1#*.}" '!0-9' ;;
    *) is_number "$1" ;;
  esac
}
