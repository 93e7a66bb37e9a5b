# shellcheck shell=sh
# The actions of fail2ban and the backend of sshguard, which are called by name: what stood there before us is kept, what a
# person made of ours too, and what goes leaves something harmless where a config still names it. No question is asked.

SHIPPED=${ROOT:-}/usr/share/banspool-send/action.d
ACTIONS=${ROOT:-}/etc/fail2ban/action.d
# Each action as it was put in place, to know later on what a person changed.
PLACED=${ROOT:-}/var/lib/banspool-send
BACKEND=${ROOT:-}/usr/libexec/sshguard/sshg-fw-banspool

place_actions() {
  mkdir -p "$ACTIONS" "$PLACED"
  for shipped in "$SHIPPED"/*.conf; do
    place_action "$shipped" "${shipped##*/}"
  done
}

place_action() { # SHIPPED NAME
  if [ -e "$ACTIONS/$2" ] && ! cmp -s "$1" "$ACTIONS/$2" && ! is_untouched "$2"; then
    if grep -qs banspool-send "$ACTIONS/$2"; then
      cp "$1" "$ACTIONS/$2.banspool-new"
      echo "banspool-send: $ACTIONS/$2 was edited and is kept; the new version is $2.banspool-new" >&2
      return 0
    fi
    mv --backup=numbered "$ACTIONS/$2" "$ACTIONS/$2.before-banspool"
    echo "banspool-send: $ACTIONS/$2 belongs to another program and is kept as $2.before-banspool" >&2
  fi
  cp "$1" "$ACTIONS/$2"
  cp "$1" "$PLACED/$2"
}

# As we left it: the action, or what an earlier removal left of one.
is_untouched() { # NAME
  cmp -s "$PLACED/$1" "$ACTIONS/$1" || grep -qs '^# banspool-send was removed' "$ACTIONS/$1"
}

# At a remove those that nobody changed go, and at a purge all of ours do.
leave_actions() { # remove|purge
  for placed in "$PLACED"/*.conf; do
    action=${placed##*/} action=${action%.conf}
    [ -e "$ACTIONS/$action.conf" ] || continue
    [ "$1" = purge ] && grep -qs banspool-send "$ACTIONS/$action.conf" || is_untouched "$action.conf" || continue
    naming=$(naming_files "$action")
    if [ -z "$naming" ]; then
      rm -f "$ACTIONS/$action.conf" "$PLACED/$action.conf"
      continue
    fi
    harmless_action "$action" "$naming" >"$ACTIONS/$action.conf"
    cp "$ACTIONS/$action.conf" "$PLACED/$action.conf"
    echo "banspool-send: warning: no firewall enforces new bans: the action $action now does nothing; remove it from" \
      "$naming and restart fail2ban" >&2
  done
  leave_backend
}

naming_files() { # ACTION
  grep -rlsE "^[^#]*[=[:space:]]$1([[:space:],[]|\$)" "${ROOT:-}/etc/fail2ban/jail.conf" "${ROOT:-}/etc/fail2ban/jail.local" \
    "${ROOT:-}/etc/fail2ban/jail.d" | tr '\n' ' ' | sed 's/ $//'
}

# As a whole fail2ban does not start where one jail names an action that is not there.
harmless_action() { # ACTION FILES
  cat <<END
# banspool-send was removed, and this action does nothing. fail2ban does not start without it, because these files name it:
# $2
# Remove it there, restart fail2ban, and remove this file.

[Definition]

actionstart =
actionstop =
actioncheck =
actionban =
actionunban =

[Init]

name = default
END
}

# sshguard does not start where its backend is not there.
leave_backend() {
  grep -qsE '^[^#]*sshg-fw-banspool' "${ROOT:-}/etc/sshguard/sshguard.conf" && [ ! -e "$BACKEND" ] || return 0
  mkdir -p "${BACKEND%/*}"
  printf '%s\n' '#!/bin/sh' '# banspool-send was removed, and this backend blocks no address. Set BACKEND in sshguard.conf to another,' \
    '# restart sshguard, and remove this file.' 'exec cat >/dev/null' >"$BACKEND"
  chmod 755 "$BACKEND"
  echo "banspool-send: warning: no firewall enforces new blocks: the backend $BACKEND now does nothing; set another in" \
    "${ROOT:-}/etc/sshguard/sshguard.conf and restart sshguard" >&2
}

# What `banspool-send setup` made, and the outbox. The firewall still knows the key.
purge_sender() {
  conf=/etc/banspool/send.conf
  server=$(sed -n 's/^[[:space:]]*server[[:space:]]*=[[:space:]]*//p' "$conf" 2>/dev/null | tail -n 1)
  [ -z "$server" ] || echo "banspool-send: the firewall still allows this server; to remove it, run there: banspool server remove $server" >&2
  rm -f "$conf" /etc/banspool/key /etc/banspool/key.pub /etc/banspool/ssh_config /etc/banspool/known_hosts \
    /etc/banspool/known_hosts.old
  rm -rf /var/spool/banspool-send /var/lib/banspool-send || true
  rmdir /etc/banspool 2>/dev/null || true
}
