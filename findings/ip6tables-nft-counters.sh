#!/bin/sh
# The counters of a rule, which iptables-nft is told: `-c PACKETS BYTES`, or what iptables-save -c wrote.
#
# Expected: ip6tables-nft takes them as iptables-nft does; both are one program, and both manual pages have the option.
# Seen: ip6tables-nft 1.8.9 (Debian 12) takes the words, exits with 0, and the rule begins at 0, by a command, by a rule of
# a restore, and by `ip6tables-nft-save -c | ip6tables-nft-restore -c`. iptables-nft beside it keeps them, and so does
# ip6tables-nft 1.8.11 (Debian 13). So whoever saves and restores rules at a boot, or writes a chain anew, has on Debian 12
# the counts of IPv4 and none of IPv6, and no word of it.
#
# iptables 1.8.9-2 and 1.8.11-2. Needs root.
set -eu
export LC_ALL=C
OLD=1.8.9-2 NEW=1.8.11-2

tables() { chroot "$work/$release/root" /usr/sbin/xtables-nft-multi "$@"; }

counted() { # PROGRAM
  tables "$1" -nvxL T | awk 'NR == 3 { print $1 }'
}

look_at() { # PROGRAM ADDRESS
  tables "$1" -N T
  tables "$1" -A T -s "$2" -c 7 420 -j DROP
  command=$(counted "$1")
  tables "$1" -F T
  printf '*filter\n-A T -s %s -c 7 420 -j DROP\nCOMMIT\n' "$2" | tables "$1-restore" --noflush
  rule=$(counted "$1")
  printf '*filter\n:T - [0:0]\n[7:420] -A T -s %s -j DROP\nCOMMIT\n' "$2" | tables "$1-restore" -c
  restored=$(counted "$1")
  echo "  $1, told of 7 packets: by a command $command, by a rule of a restore $rule, by restore -c $restored"
  seen="$seen$command $rule $restored, "
}

inside() {
  cd "$work"
  seen=
  for release in bookworm trixie; do
    tables iptables --version
    look_at iptables 192.0.2.1
    look_at ip6tables 2001:db8::1
    tables iptables -F && tables iptables -X && tables ip6tables -F && tables ip6tables -X
  done
  echo "seen: $seen"
  [ "$seen" = '7 7 7, 0 0 0, 7 7 7, 7 7 7, ' ]
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
apt_of() { # RELEASE COMMAND WORD...
  in=$work/$1
  shift
  apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$in/parts" \
    -o Dir::State::status=/dev/null -o Dir::State::lists="$in/lists" -o Dir::Cache="$in/cache" "$@"
}
bring() { # RELEASE VERSION
  mkdir -p "$1/parts" "$1/lists/partial" "$1/cache/archives/partial"
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian.*; do
    [ ! -f "$list" ] || sed "s/\\b$own\\b/$1/g" "$list" >"$1/parts/own.${list##*.}"
  done
  if ! { apt_of "$1" update && apt_of "$1" install --yes --download-only --no-install-recommends "iptables=$2"; } >log 2>&1; then
    echo "iptables $2 cannot be had here any more"
    exit 1
  fi
  for folder in bin sbin lib lib64; do
    mkdir -p "$1/root/usr/$folder"
    ln -s "usr/$folder" "$1/root/$folder"
  done
  for deb in "$1"/cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$1/root" --keep-directory-symlink; done
}
bring bookworm "$OLD"
bring trixie "$NEW"
unshare --net --fork --kill-child sh "$script" inside "$work"
