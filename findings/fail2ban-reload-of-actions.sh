#!/bin/sh
# fail2ban, and a jail whose actions change while it runs: `fail2ban-client reload`, which `systemctl reload fail2ban` is too.
#
# Expected: what the files say is in force after a reload. A jail that was given another banaction, such as one that tells a
# central firewall, bans by it; one with a port more guards that port as well.
# Seen, each time with "OK":
#
#   1. A jail that is given another banaction has no action at all afterwards. The old one goes, and the new one, which was
#      not there before the reload, is taken for one that the files do not name any more, and goes too. The jail lists what
#      it bans, and nothing is done about it; a second reload changes nothing.
#   2. An action that stays knows its new port, but its start does not run again: the jump to its chain keeps the old ports,
#      for new bans too. At the stop it deletes a jump that was never there, so chain and jump stay behind.
#
# `fail2ban-client reload --restart` and `systemctl restart fail2ban` do both as the files say, so these it must be after every
# change of actions.
#
# fail2ban 1.1.0-8 with iptables-nft 1.8.11 (Debian 13). Needs root.
set -eu
export LC_ALL=C
VERSION=1.1.0-8

f2b() { chroot "$work/root" /usr/bin/fail2ban-client "$@"; }

until_so() { # WHAT COMMAND...
  what=$1
  shift
  for _ in $(seq 1200); do
    ! "$@" >/dev/null 2>&1 || return 0
    sleep 0.1
  done
  echo "waited in vain until $what"
  exit 1
}

start() { # BANACTION
  jail "$1" ssh
  : >"$work/root/log"
  chroot "$work/root" /usr/bin/fail2ban-server -b >/dev/null 2>&1
  until_so 'fail2ban answers' f2b status s
  f2b set s banip 203.0.113.7 >/dev/null
  until_so 'the ban is a rule' stands 203.0.113.7
}

jail() { # BANACTION PORTS
  cat >"$work/root/etc/fail2ban/jail.local" <<END
[s]
enabled = true
filter = sshd
backend = polling
logpath = /attempts
banaction = $1
port = $2
END
}

rules() {
  chroot "$work/root" /usr/sbin/iptables -S
}

stands() { # WORDS
  rules | grep -qF -e "$1"
}

end() {
  f2b stop >/dev/null
  until_so 'fail2ban has ended' test ! -e "$work/root/socket"
}

inside() {
  mount --bind /dev "$work/root/dev"
  : >"$work/root/attempts"
  is_so=0
  echo "fail2ban $(f2b -V)"

  echo 'another banaction:'
  start iptables-multiport
  jail iptables-allports ssh
  for words in reload reload 'reload --restart'; do
    # Words for fail2ban-client.
    # shellcheck disable=SC2086
    said=$(f2b $words)
    actions=$(f2b get s actions | tail -n 1)
    echo "  $words: $said; get s actions: $actions"
    case $words/$actions in
      reload/'No actions for jail s' | 'reload --restart'/iptables-allports) ;;
      *) is_so=1 ;;
    esac
    if [ "$words" = reload ]; then
      f2b set s banip 203.0.113.8 >/dev/null
      until_so 'the ban is logged' grep -q 'Ban 203.0.113.8' "$work/root/log"
      banned=$(f2b banned)
      sleep 1
      ! stands 203.0.113 || is_so=1
      echo "  banned: $banned; rules of it: $(rules | grep -c 203.0.113 || :)"
    fi
  done
  end

  echo 'a port more:'
  start iptables-multiport
  jail iptables-multiport ssh,8080
  echo "  reload: $(f2b reload); the port of the action: $(f2b get s action iptables-multiport port)"
  f2b set s banip 203.0.113.8 >/dev/null
  until_so 'the ban is a rule' stands 203.0.113.8
  rules | sed -n 's/^-A INPUT/  &/p'
  stands '--dports 22 -j f2b-s' && ! stands 8080 || is_so=1
  end
  echo '  after the stop:'
  rules | sed -n 's/.*f2b.*/  &/p'
  stands '--dports 22 -j f2b-s' || is_so=1
  return $is_so
}

if [ "${1:-}" = inside ]; then
  work=$2
  inside
  exit
fi

[ "$(id -u)" -eq 0 ] || { echo 'this needs root'; exit 1; }
script=$(realpath "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
apt_of_trixie() { # COMMAND WORD...
  apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" \
    -o Dir::State::status=/dev/null -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" "$@"
}
mkdir -p parts lists/partial cache/archives/partial root/usr/bin root/usr/sbin root/usr/lib root/usr/lib64
for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian.*; do
  [ ! -f "$list" ] || sed "s/\\b$own\\b/trixie/g" "$list" >"parts/own.${list##*.}"
done
if ! { apt_of_trixie update && apt_of_trixie install --yes --download-only --no-install-recommends "fail2ban=$VERSION" \
  iptables dash sed coreutils; } >log 2>&1; then
  echo "fail2ban $VERSION cannot be had here any more"
  exit 1
fi
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
for deb in cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C root --keep-directory-symlink; done
# What the packages' own scripts would do.
ln -sf dash root/usr/bin/sh
for name in iptables ip6tables; do ln -sf xtables-nft-multi "root/usr/sbin/$name"; done
mkdir -p root/dev root/tmp root/proc root/run
rm -f root/etc/fail2ban/jail.d/*
printf '%s\n' '[Definition]' 'logtarget = /log' 'dbfile = None' 'socket = /socket' 'pidfile = /pid' \
  >root/etc/fail2ban/fail2ban.local
unshare --net --mount --pid --fork --kill-child sh "$script" inside "$work"
