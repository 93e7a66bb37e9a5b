#!/bin/sh
# An nft set of nets with auto-merge, and a host that is added beside a net around it and deleted again.
#
# Expected: who added two elements can delete either: the host goes, the net stays whole, as in an ipset of type hash:net.
# Seen: the set has forgotten that there were two, and what the delete does depends on the version, with the same kernel:
#
#   nftables 1.0.6 (Debian 12): "element does not exist", exit code 1. The host that was just added cannot be deleted, and
#   deleting the net takes its ban along.
#   nftables 1.1.3 (Debian 13): exit code 0, and the net now has a hole: the host is let through, though the net was never
#   deleted. Deleting the net afterwards is refused ("element does not exist"), and the two pieces stay.
#
# So two who ban into one such set, one a net and one a host inside it, lift each other's bans, or leave some for good. Whoever
# gathers bans of several servers must count them itself, and tell the set only what is left of all of them.
#
# nftables 1.0.6-2+deb12u2 and 1.1.3-1. Needs root.
set -eu
export LC_ALL=C
OLD=1.0.6-2+deb12u2 NEW=1.1.3-1

nft() { chroot "$work/$release/root" /usr/sbin/nft "$@"; }

code_of() { # COMMAND...
  code=0
  "$@" >said 2>&1 || code=$?
  echo "$code"
}

is_in() { # ADDRESS
  [ "$(code_of nft get element ip t banned "{ $1 }")" -eq 0 ] && echo yes || echo no
}

inside() {
  cd "$work"
  seen=
  for release in bookworm trixie; do
    nft flush ruleset
    nft add table ip t
    nft add set ip t banned '{ type ipv4_addr; flags interval; auto-merge; }'
    nft add element ip t banned '{ 203.0.113.0/24 }'
    nft add element ip t banned '{ 203.0.113.7 }'
    deleted=$(code_of nft delete element ip t banned '{ 203.0.113.7 }')
    host=$(is_in 203.0.113.7)
    other=$(is_in 203.0.113.8)
    net=$(code_of nft delete element ip t banned '{ 203.0.113.0/24 }')
    left=$(is_in 203.0.113.8)
    nft --version
    echo "  delete of the host: exit code $deleted; then the host is banned: $host, its neighbour: $other"
    echo "  delete of the net: exit code $net; then the neighbour is banned: $left"
    seen="$seen$deleted $host $other $net $left, "
  done
  echo "seen: $seen"
  [ "$seen" = '1 yes yes 0 no, 0 no yes 1 yes, ' ]
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
  if ! { apt_of "$1" update && apt_of "$1" install --yes --download-only --no-install-recommends "nftables=$2"; } >log 2>&1; then
    echo "nftables $2 cannot be had here any more"
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
