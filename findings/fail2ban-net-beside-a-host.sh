#!/bin/sh
# fail2ban 1.1, and a net that is banned beside a host inside it (`fail2ban-client set JAIL banip`, which takes both).
#
# Expected: `fail2ban-client banned ADDRESS` names the jails that ban it; `unbanip NET` lifts what is banned inside the net;
# and what fail2ban lists as banned after that is banned.
# Seen:
#
#   1. `banned` looks for the very word: of an address inside a banned net it says that nobody bans it, while the set has it.
#   2. `unbanip NET` lifts the hosts inside only where the net itself is not banned. Where it is, the net alone goes; said
#      once more, the same command lifts the hosts. Both times it says that it lifted 1.
#   3. With iptables-ipset, whose set is a hash:ip, the net was added as each of its addresses, and these are deleted: between
#      the two, fail2ban lists the host as banned, and the set has let go of it.
#
# A central fail2ban that hears of a net's unban must not conclude that the hosts inside are free, nor the other way round, and
# must keep a net and a host as two bans of their own.
#
# fail2ban 1.1.0-8 with ipset 7.22 (Debian 13). Needs root.
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

in_set() { # ADDRESS
  chroot "$work/root" /usr/sbin/ipset test f2b-s "$1" >/dev/null 2>&1
}

word() { # COMMAND...
  "$@" && echo yes || echo no
}

inside() {
  mount --bind /dev "$work/root/dev"
  : >"$work/root/attempts"
  printf '%s\n' '[s]' 'enabled = true' 'filter = sshd' 'backend = polling' 'logpath = /attempts' 'banaction = iptables-ipset' \
    >"$work/root/etc/fail2ban/jail.local"
  chroot "$work/root" /usr/bin/fail2ban-server -b >/dev/null 2>&1
  until_so 'fail2ban answers' f2b status s
  f2b set s banip 203.0.113.7 >/dev/null
  until_so 'the host is in the set' in_set 203.0.113.7
  f2b set s banip 203.0.113.0/29 >/dev/null
  until_so 'the net is in the set' in_set 203.0.113.5
  echo "fail2ban $(f2b -V), banned: $(f2b banned)"
  inner=$(f2b banned 203.0.113.5)
  echo "banned 203.0.113.5: $inner; in the set: $(word in_set 203.0.113.5)"

  first=$(f2b set s unbanip 203.0.113.0/29)
  until_so 'the net has left the set' sh -c "! chroot '$work/root' /usr/sbin/ipset test f2b-s 203.0.113.5"
  between=$(f2b banned)
  kept=$(word in_set 203.0.113.7)
  echo "unbanip 203.0.113.0/29: $first; banned: $between; 203.0.113.7 in the set: $kept"

  second=$(f2b set s unbanip 203.0.113.0/29)
  last=$(f2b banned)
  echo "the same once more: $second; banned: $last"
  f2b stop >/dev/null
  until_so 'fail2ban has ended' test ! -e "$work/root/socket"
  [ "$inner $first $between $kept $second $last" = "[[]] 1 [{'s': ['203.0.113.7']}] no 1 [{'s': []}]" ]
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
  iptables ipset dash sed coreutils; } >log 2>&1; then
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
