# --- jails: what fail2ban has of ours ----------------------------------------------------------------------------

ask() { # WORD...
  timeout 30 fail2ban-client -s "$fail2ban_socket" "$@" 2>&1
}

# Sets jails: a line for each action of ours, its name, ports, protocol and jail, with tabs between. A question costs a third
# of a second, and a fail2ban may have fifty jails: so they are kept, below the last of the changes that they hold for.
list_jails() {
  changed=$(changes)
  recall_foreign
  listing=$(ask status) || { log warning "fail2ban does not answer: no snapshot: $listing"; return 1; }
  is_whole=yes jails='' seen='' has='' untold='' odd_ports='' odd_protocols=''
  while read -r each; do
    [ -z "$each" ] || list_actions || { is_whole=no untold="${untold:+$untold, }$each"; }
  done <<END
$(printf '%s\n' "$listing" | sed -n 's/.*Jail list:[[:space:]]*//p' | tr ',' '\n')
END
  rm -f "$outbox/.jails"
  if [ $is_whole = yes ] && [ "$changed" = "$(changes)" ]; then
    correct_scopes
    printf '%s' "$foreign" >"$outbox/.foreign.$$" && mv "$outbox/.foreign.$$" "$outbox/.foreign"
    printf '%s\n%s' "$changed" "$jails" >"$outbox/.jails.$$" && mv "$outbox/.jails.$$" "$outbox/.jails"
  fi
}

recall_jails() {
  is_whole=yes
  [ -e "$outbox/.jails" ] && jails=$(cat "$outbox/.jails") && [ "${jails%%"$NEW_LINE"*}" = "$(changes)" ] || return 1
  jails=${jails#*"$NEW_LINE"}$NEW_LINE
}

changes() {
  cat "$outbox/.changed" 2>/dev/null || echo none
}

names_of_jails() {
  printf '%s' "$jails" | cut -f 1 | sort -u
}

is_name_of_jail() { # NAME
  case $NEW_LINE$jails in *"$NEW_LINE$1	"*) ;; *) return 1 ;; esac
}

# A jail may have our action more than once, under names of their own. Sets has as well: a line for each action of a jail,
# whosever it is, and one without an action for a jail that has none.
list_actions() {
  listing=$(ask get "$each" actions) || { log warning "no snapshot of jail $each: $listing"; return 1; }
  case $listing in 'No actions for jail '*) has="$has$each	$NEW_LINE"; return ;; esac
  while read -r action; do
    [ -n "$action" ] || continue
    has="$has$each	$action$NEW_LINE"
    is_foreign=no
    is_named_ours || look_at_action || return 1
    [ $is_foreign = yes ] || list_action ||
      { log warning "no snapshot of jail $each: fail2ban does not report its action $action"; return 1; }
  done <<END
$(printf '%s\n' "$listing" | tail -n 1 | tr ',' '\n')
END
}

is_named_ours() {
  case $action in iptables-remote | iptables-remote-*) ;; *) return 1 ;; esac
}

# Sets is_foreign, by what the action runs: [actname=x] gives it any name. Of the others' it is kept, below the last of
# the changes: an action of ours that comes in their place starts.
look_at_action() {
  case $foreign in *"$NEW_LINE$each	$action$NEW_LINE"*) is_foreign=yes; return ;; esac
  runs=$(ask_value actionban)
  case $? in
    0) ;;
    # One in Python has none; a fail2ban that is gone says nothing at all.
    255) ask get "$each" actions >/dev/null || return 1 ;;
    *) log warning "no snapshot of jail $each: fail2ban does not answer"; return 1 ;;
  esac
  case $runs in
    *banspool-send* | *'<send> ban --jail'*) ;;
    *) is_foreign=yes foreign="$foreign$each	$action$NEW_LINE" ;;
  esac
}

recall_foreign() {
  foreign=''
  [ ! -e "$outbox/.foreign" ] || foreign=$(cat "$outbox/.foreign")
  if [ "${foreign%%"$NEW_LINE"*}" = "$changed" ]; then foreign=$foreign$NEW_LINE; else foreign=$changed$NEW_LINE; fi
}

# Sets seen as well: a line for each of our actions, with a jail that has it.
list_action() {
  case $NEW_LINE$seen in *"$NEW_LINE$action	"*) ;; *) seen="$seen$action	$each$NEW_LINE" ;; esac
  name=$(ask_value name) && ports=$(ask_value port) && protocol=$(ask_value protocol) || return 1
  # That of all ports is called iptables-remote-allports, as another may be, or has a name of its own.
  kind=$action
  is_named_ours || kind=-allports
  case $kind in *-allports*) ! of_all=$(ask_value ports) || [ "$of_all" != all ] || ports=all ;; esac
  case $name in *"$NEW_LINE"*) return 1 ;; esac
  name_jail "$name" || return 1
  number_ports "$ports"
  [ -z "$odd" ] || odd_ports="${odd_ports:+$odd_ports, }$each: \"$(printf '%s' "$odd" | tr -c '\040-\176' ' ')\""
  name_protocols "$protocol"
  [ -z "$odd" ] || odd_protocols="${odd_protocols:+$odd_protocols, }$each: \"$(printf '%s' "$odd" | tr -c '\040-\176' ' ')\""
  jails="$jails$jail	$ports	$protocol	$each$NEW_LINE"
}

# A value may have several lines, and Python warns on standard error.
ask_value() { # NAME, of the action of that jail
  timeout 30 fail2ban-client -s "$fail2ban_socket" get "$each" action "$action" "$1" 2>/dev/null
}

correct_scopes() {
  for jail in $(names_of_jails); do
    holders=0 ports='' protocol=''
    while IFS='	' read -r name its_ports its_protocol _; do
      [ "$name" != "$jail" ] || add_holder
    done <<END
$jails
END
    write_scope
  done
  for scope in "$outbox/.scope,"*; do
    jail=${scope#*/.scope,}
    [ ! -e "$scope" ] || is_name_of_jail "$jail" || ! is_settled || rm -f "$scope"
  done
}

add_holder() {
  holders=$((holders + 1)) ports=$(union "$ports" "$its_ports") protocol=$(union "$protocol" "$its_protocol")
}
