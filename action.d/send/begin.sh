# Sends what fail2ban or sshguard decide on this server to the firewall, as intents: small files that banspool reads
# there (its SPEC.md, sections 3 and 4). Three things are kept apart:
#
#   queue     writes one intent into the outbox and returns in milliseconds. It never waits for the network: fail2ban
#             has one lock for the actions of all jails, so that a slow one delays every ban on the host.
#   ship      takes all that waits to the firewall, one shipper at a time, or to each of several, one shipper each. What
#             did not arrive stays for the next.
#   snapshot  asks fail2ban for all bans of each jail and queues them. It restores what was lost on the way,
#             and what fail2ban changed without running an action.
#
# A file stands in the outbox under its final name only when it is whole, and goes only when the firewall has it.
set -u
umask 022
LC_ALL=C
export LC_ALL
# rrsync refuses what these add to the words that rsync sends there.
RSYNC_PROTECT_ARGS=0
export RSYNC_PROTECT_ARGS
unset RSYNC_ICONV RSYNC_MAX_ALLOC RSYNC_CHECKSUM_LIST RSYNC_COMPRESS_LIST

# mksh counts in 32 bits, which is too little for milliseconds.
if [ "$((1795337738250 / 1000))" != 1795337738 ]; then
  for shell in dash bash ksh93 'busybox sh'; do
    # The last are two words.
    # shellcheck disable=SC2086
    ! command -v ${shell%% *} >/dev/null || exec $shell "$0" "$@"
  done
  echo 'banspool-send: error: this /bin/sh counts in 32 bits, and there is no other shell here: apt install dash' >&2
  exit 1
fi

usage() {
  cat <<'HELP'
Usage: banspool-send COMMAND

  queue INTENT --jail J [--ip A] [--ports P] [--protocol P] [--time S] [--bantime S] [--failures N] [--restored 0|1]
             writes one intent to the outbox: ban, prolong, unban, start, stop, flush or reload
  ship       delivers the waiting intents to the firewall, or to each of several; exits with 1 if it cannot
  snapshot   queues the bans of each jail, from fail2ban-client, unless the last snapshot is less than 5 minutes old
             (--now: always), and ships the waiting intents; the timer runs this command
  setup FIREWALL [--add] [--server NAME] [--scp]
             creates a key, an ssh_config and the config of this server, and prints what to run on the firewall;
             existing files are kept. NAME is the host name by default. --add: one more firewall, which gets all bans too
  check      checks the whole path to the firewall, and sends a probe; prints each problem with its fix
  status     shows the waiting intents, how long they have waited and why; exits with 1 if deliveries fail
  sshguard   reads the output of sshguard from standard input, as its backend

Config: /etc/banspool/send.conf (or the file that BANSPOOL_SEND_CONF names), lines KEY = VALUE:

  firewall = fw.example.net            the host, or a Host of ssh_config; required; a line for each firewall
  server = web1                        the name of this server on the firewall; required
  ssh_config = /etc/banspool/ssh_config  how ssh reaches the firewall: host name, port, user and key
  transport = rsync                    rsync or scp
  outbox = /var/spool/banspool-send    if you change it, add it to ReadWritePaths of banspool-send.service
  outbox_max = 10000                   intents that may wait for a firewall; beyond that, superseded ones are dropped first
  fail2ban_socket = /run/fail2ban/fail2ban.sock  where fail2ban-client reaches fail2ban
  sshguard_bantime = 86400             the longest duration of an sshguard block, in seconds
  sshguard_ports = all                 the ports that an sshguard block covers

Exit codes: 0 done, 1 failed, 2 usage or config.
HELP
}

command=${1:-}
[ $# -eq 0 ] || shift
