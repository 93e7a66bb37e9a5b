# shellcheck shell=sh
# Units, by systemctl alone. Nothing is started here that did not run before: the administrator enables what is wanted.
# In a tree that is no booted machine, units are enabled and disabled all the same.

reload_units() {
  [ -d /run/systemd/system ] || return 0
  systemctl daemon-reload || true
}

# The presets of the distribution say which are enabled: on Fedora and RHEL none is.
preset_units() { # UNIT...
  if command -v systemctl >/dev/null; then systemctl --no-reload preset "$@" >/dev/null 2>&1 || true; fi
  reload_units
}

restart_units() { # UNIT...
  reload_units
  [ ! -d /run/systemd/system ] || systemctl try-restart "$@" || true
}

# One transaction, so that no timer starts what was just stopped.
stop_units() { # UNIT...
  command -v systemctl >/dev/null || return 0
  systemctl --no-reload disable "$@" >/dev/null 2>&1 || true
  [ ! -d /run/systemd/system ] || systemctl stop "$@" || true
}
