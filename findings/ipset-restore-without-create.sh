#!/bin/sh
# Members for a set that stands already, by one `ipset restore`: with a line `create` of that set ahead of them, and
# without.
#
# Expected: no difference but that line, since the set is there: restore gathers lines into few messages to the kernel.
# Seen: without `create`, ipset asks the kernel for the type of the set again at each line, and waits for the answer: a
# message a member, beside those that carry the members. 20,000 members take 20,122 messages, and 124 with the line, which
# -exist lets pass where the set stands. A million take two to three times the time of the processor, most of it the
# kernel's. So whoever adds many members to a set of an earlier run should write its `create` first.
#
# ipset 7.22-1+b1 (Debian 13), counted by strace 6.13+ds-1; 7.17 (Debian 12) does the same. Needs root.
set -eu
export LC_ALL=C
IPSET=7.22-1+b1 STRACE=6.13+ds-1

MEMBERS=20000

count_messages() { # FILE
  chroot "$work/root" /usr/bin/strace -f -e trace=sendto,sendmsg -o /messages /usr/sbin/ipset -exist restore <"$1"
  wc -l <"$work/root/messages"
}

inside() {
  create='create bans hash:net maxelem 65536'
  awk -v n=$MEMBERS 'BEGIN { for (i = 0; i < n; i++) printf "add bans 203.%d.%d.%d\n", i / 65536, i / 256 % 256, i % 256 }' \
    >"$work/members"
  echo "$create" >"$work/line"
  cat "$work/line" "$work/members" >"$work/both"
  chroot "$work/root" /usr/sbin/ipset restore <"$work/line"
  without=$(count_messages "$work/members")
  chroot "$work/root" /usr/sbin/ipset flush bans
  with=$(count_messages "$work/both")
  echo "$MEMBERS members for a set that stands: $without messages; with its line create ahead of them: $with"
  [ "$without" -gt $MEMBERS ] && [ "$with" -lt $((MEMBERS / 10)) ]
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
if ! { apt_of_trixie update &&
  apt_of_trixie install --yes --download-only --no-install-recommends "ipset=$IPSET" "strace=$STRACE"; } >log 2>&1; then
  echo "ipset $IPSET or strace $STRACE cannot be had here any more"
  exit 1
fi
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
for deb in cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C root --keep-directory-symlink; done
chroot root /usr/sbin/ipset --version
unshare --net --fork --kill-child sh "$script" inside "$work"
