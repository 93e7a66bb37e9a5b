#!/bin/sh
# ipset, and its new output for programs: `ipset list -output json`.
#
# Expected: a JSON parser reads it, whatever sets there are, or ipset says that it cannot.
# Seen: it is JSON only of sets that have no addresses in them. Of each address the quotes are doubled
# ("elem" : ""203.0.113.7""), and with -terse the comma stands ahead of members that are left out. Exit code 0, always. A
# program tried with an empty set works, and ends with the first ban. The set of type list:set is right, since its members
# are names. So whoever reads bans back out of the kernel has the text of `ipset save` to rely on, as before.
#
# ipset 7.22-1+b1 (Debian 13); 7.17 (Debian 12) has no JSON yet. Needs root, and python3 for its parser.
set -eu
export LC_ALL=C
VERSION=7.22-1+b1

ipset() { chroot "$work/root" /usr/sbin/ipset "$@"; }

read_json() { # WORD...
  code=0
  ipset list -output json "$@" >"$work/output" || code=$?
  python3 -c 'import json, sys; json.load(sys.stdin)' <"$work/output" 2>"$work/words" && json=yes || json=no
  echo "ipset list -output json $*: exit code $code, is JSON: $json"
  sed -n '$s/^/    /p' "$work/words"
  seen="$seen$* $code $json, "
}

inside() {
  seen=
  for set in empty hosts nets; do
    ipset create $set "hash:$([ $set = nets ] && echo net || echo ip)"
  done
  ipset create sets list:set
  read_json hosts
  ipset add hosts 203.0.113.7
  ipset add nets 198.51.100.0/24
  ipset add sets hosts
  read_json hosts
  grep '"elem"' "$work/output"
  read_json nets
  read_json sets
  read_json empty -terse
  ipset save
  [ "$seen" = 'hosts 0 yes, hosts 0 no, nets 0 no, sets 0 yes, empty -terse 0 no, ' ]
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
if ! { apt_of_trixie update && apt_of_trixie install --yes --download-only --no-install-recommends "ipset=$VERSION"; } >log 2>&1
then
  echo "ipset $VERSION cannot be had here any more"
  exit 1
fi
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
for deb in cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C root --keep-directory-symlink; done
chroot root /usr/sbin/ipset --version
unshare --net --fork --kill-child sh "$script" inside "$work"
