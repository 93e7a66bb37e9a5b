# --- firewalls: one, or several that each get all ----------------------------------------------------------------

# With one firewall, what waits in the outbox waits for that one. With several, it waits to be shared out: into the folder
# .to,FIREWALL of each, as a link to the same file, which goes from there when that firewall has it. Each has a shipper and
# locks of its own, so that one that is down or hangs holds up no other.
#
# firewall is who this process delivers to, and box where its intents wait. In the outbox of several nobody is named: who
# has the lock there shares out.
choose_folder() {
  box=$outbox
  case $firewalls in *' '*) firewall='' ;; *) firewall=$firewalls ;; esac
  to_whom='' for_whom=''
}

# Those that a check ships to alone; the others have nothing tried.
only=''

# Of several, the next one.
turn_to() { # FIREWALL
  firewall=$1
  case $firewalls in *' '*) box=$outbox/.to,$1 to_whom=" to $1" for_whom=" for $1" ;; esac
}

list_firewalls() {
  listed=''
  for name in $firewalls; do listed=${listed:+$listed, }$name; done
  printf '%s' "$listed"
}

# Below the lock of the outbox, which whoever shares out has, and whoever delivers to the only one.
settle_folders() {
  close_folders && { [ -n "$firewall" ] || open_folders; }
}

# A firewall that is new gets all that is banned now, by a snapshot of each jail. These are asked for first: whoever is
# killed in between does all of it again.
open_folders() {
  for name in $firewalls; do
    [ ! -d "$outbox/.to,$name" ] || continue
    for scope in "$outbox/.scope,"*; do
      [ ! -e "$scope" ] || : >"$outbox/.want,${scope#*/.scope,}"
    done
    # What is known of failures is of the only one.
    rm -f "$outbox/.failing" "$outbox/.refused"
    (umask 077 && mkdir "$outbox/.to,$name") || return 1
  done 2>"$outbox/.error"
}

# What waits for one that send.conf names no more waits for nobody. What waits for the only one that is left waits in the
# outbox itself from now on.
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

# In the order of the names, so that whoever looks meanwhile finds no younger one without the older ones. Where it was cut
# short, one that has delivered its link already gets another one: an intent that comes twice changes nothing.
link_to_each() { # NAME...
  for name in $firewalls; do
    links=''
    for file; do
      [ -e ".to,$name/$file" ] || links="$links $file"
    done
    # Names without blanks, made by this script.
    # shellcheck disable=SC2086
    [ -z "$links" ] || ln $links ".to,$name/" || return 1
  done
}

# Each in a process of its own, which may take as long as it takes.
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
