#!/bin/sh
# nft --check, and a command that reads counters and sets them to zero.
#
# Expected: with --check ("check commands validity without actually applying the changes") nothing changes, whatever the
# command is, so a dry run of `nft reset counters` says whether it is valid and leaves the counts as they are.
# Seen: the counts are gone. nft holds back only what it would send as a transaction; reset is a question to the kernel that
# answers and sets to zero in one, and it is asked all the same: `nft --check reset counters`, `reset quotas`, `reset rules`
# and `reset set` print the counts as they were and leave zeros. On a firewall that drops for others the counters
# of its drops say which bans still meet packets; a dry run of the job that collects them loses a period of them.
#
# nftables 1.1.3-1 (Debian 13); 1.0.6 (Debian 12), which knows counters and quotas only, does the same with these. Needs root.
set -eu
export LC_ALL=C
VERSION=1.1.3-1

nft() { chroot "$work/root" /usr/sbin/nft "$@"; }

# All numbers of packets and bytes that the ruleset tells, in its order.
counts() {
  nft list ruleset | grep -oE '(packets|used) [0-9]+' | tr '\n' ' '
}

inside() {
  changed=0
  for what in counters quotas rules 'set ip t banned'; do
    nft flush ruleset
    nft -f - <<'NFT'
table ip t {
  counter dropped { packets 7 bytes 70; }
  quota month { over 1000 bytes used 50 bytes; }
  set banned { type ipv4_addr; counter; elements = { 203.0.113.7 counter packets 5 bytes 50 }; }
  chain c { ip saddr 203.0.113.9 counter packets 9 bytes 90 drop; }
}
NFT
    before=$(counts)
    code=0
    # Words for nft.
    # shellcheck disable=SC2086
    nft --check reset $what >/dev/null || code=$?
    after=$(counts)
    echo "nft --check reset $what: exit code $code; before: $before; after: $after"
    [ "$code" -eq 0 ] && [ "$before" != "$after" ] || changed=1
  done
  # What --check does hold back.
  before=$(nft list ruleset)
  nft --check flush ruleset
  [ "$(nft list ruleset)" = "$before" ] && echo 'nft --check flush ruleset: nothing changed' || changed=1
  return $changed
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
if ! { apt_of_trixie update && apt_of_trixie install --yes --download-only --no-install-recommends "nftables=$VERSION"; } >log 2>&1
then
  echo "nftables $VERSION cannot be had here any more"
  exit 1
fi
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
for deb in cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C root --keep-directory-symlink; done
nft --version
unshare --net --fork --kill-child sh "$script" inside "$work"
