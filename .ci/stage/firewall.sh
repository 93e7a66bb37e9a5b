# shellcheck shell=sh disable=SC2034
# The units of the firewall's half, those of them that run, those that not everyone needs, and what a purge takes away
# when the program is gone.

UNITS='banspool-saved-sets.service banspool-boot.service banspool.service banspool-reconcile.service banspool-reconcile.timer'
STARTED='banspool.service banspool-reconcile.timer'
# The administrator enables them where the config has a fleet or tells somebody, or a list comes from the network.
OPTIONAL='banspool-fleet.service banspool-notify.service banspool-fetch.timer'
# Nobody enables it: that timer starts it.
TIMED='banspool-fetch.service'

# Accounts stay, as Debian's do: their numbers must not go to others while files of theirs may be about. What is a mount
# point stays, empty.
purge_state() {
  rm -rf /etc/banspool/.prefix /var/lib/banspool /var/spool/banspool /var/lib/banspool-keys /var/lib/banspool-fleet \
    /var/lib/banspool-notify /var/lib/banspool-fetch /run/banspool || true
  # Of servers that send by scp.
  rm -f /etc/ssh/sshd_config.d/banspool.conf /etc/security/limits.d/banspool.conf
  rmdir /etc/banspool 2>/dev/null || true
}
