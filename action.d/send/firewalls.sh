# --- firewalls: one, or several that each get every intent ----------------------------------------------------------

# With one firewall, intents wait in the outbox. With several, a process first links each intent into the folder
# .to,FIREWALL of each firewall; the link is removed when that firewall has the intent. Each firewall has a shipper and
# locks of its own, so that one that is down or hangs delays no other.
#
# $firewall is the firewall that this process delivers to, and $box the folder where its intents wait. In the outbox of
# several firewalls, $firewall is empty: the holder of the lock links the intents to each.
choose_folder() {
  box=$outbox
  case $firewalls in *' '*) firewall='' ;; *) firewall=$firewalls ;; esac
  to_whom='' for_whom=''
}

# The only firewalls that a check delivers to; empty: all.
only=''

# Selects one of several firewalls.
turn_to() { # FIREWALL
  firewall=$1
  case $firewalls in *' '*) box=$outbox/.to,$1 to_whom=" to $1" for_whom=" for $1" ;; esac
}

list_firewalls() {
  listed=''
  for name in $firewalls; do listed=${listed:+$listed, }$name; done
  printf '%s' "$listed"
}

# Call it with the lock of the outbox.
settle_folders() {
  close_folders && { [ -n "$firewall" ] || open_folders; }
}

# A new firewall gets all current bans, by a snapshot of each jail. The snapshots are requested before the folder is
# created, so that a killed process starts again from the beginning.
open_folders() {
  for name in $firewalls; do
    [ ! -d "$outbox/.to,$name" ] || continue
    for scope in "$outbox/.scope,"*; do
      [ ! -e "$scope" ] || : >"$outbox/.want,${scope#*/.scope,}"
    done
    # The recorded failures belong to the only firewall before.
    rm -f "$outbox/.failing" "$outbox/.refused"
    (umask 077 && mkdir "$outbox/.to,$name") || return 1
  done 2>"$outbox/.error"
}

# Removes the intents for a firewall that send.conf no longer names. If one firewall is left, moves its intents to the
# outbox.
close_folders() {
  for folder in "$outbox/.to,"*; do
    [ -d "$folder" ] || continue
    name=${folder#"$outbox/.to,"}
    case $firewalls/" $firewalls " in
      "$name"/*) take_back || return 1 ;;
      *" $name "*) continue ;;
    esac
    rm -rf "$folder"
  done
}

take_back() {
  (
    cd "$folder" && rm -f ../.failing ../.refused ../.delivered || exit 1
    for file in .failing .refused .delivered [0-9]*.yaml; do
      [ ! -e "$file" ] || [ -e "../$file" ] || printf '%s\n' "$file"
    done | xargs sh -c '[ $# -eq 0 ] || mv -f "$@" ..' sh
  ) 2>"$outbox/.error"
}

# Links in the order of the names, so that a reader finds no newer intent without the older ones. After an
# interruption, a firewall may get an intent a second time, which changes nothing.
link_to_each() { # NAME...
  for name in $firewalls; do
    links=''
    for file; do
      [ -e ".to,$name/$file" ] || links="$links $file"
    done
    # The names have no blanks: this script made them.
    # shellcheck disable=SC2086
    [ -z "$links" ] || ln $links ".to,$name/" || return 1
  done
}

# Starts a process for each firewall, which may run for any time.
ship_to_each() { # --once, --timed or --again
  for name in ${only:-$firewalls}; do
    turn_to "$name"
    if is_anything_left || [ -e "$box/.failing" ]; then
      ship_box "$1" &
      [ "$1" = --again ] || shippers="$shippers $!"
    fi
  done
  choose_folder
}
