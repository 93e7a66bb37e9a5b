#!/bin/sh
# Lines for one `ipset -` that stands by, its interactive mode, after it was asked to list a set that is not there.
#
# Expected: an error for that line, and the lines that follow take effect, as after any other line that is refused.
# Seen: the error, and then each `create` and `add` is taken without a word and without effect, until the end of the
# session, which exits with 0. After `save` of such a set it is the same; after `add` and `test` of such a set, and after
# a list of a set that is there, the lines that follow do take effect. So whoever keeps one ipset open should ask it for
# no list of a set that may be gone, and should ask for each member after it was added.
#
# ipset 7.22-1+b1 (Debian 13); 7.17 (Debian 12) does the same. Needs root.
set -eu
export LC_ALL=C
IPSET=7.22-1+b1

members() { # SET
  chroot "$work/root" /usr/sbin/ipset list "$1" 2>"$work/none" | sed '1,/^Members:/d' | wc -l
}

talk() { # LINE...
  chroot "$work/root" /usr/sbin/ipset flush bans
  printf '%s\n' "$@" 'add bans 203.0.113.1' 'add bans 203.0.113.2' 'create other hash:ip' |
    chroot "$work/root" /usr/sbin/ipset - >"$work/said" 2>"$work/errors"
  other=no
  ! chroot "$work/root" /usr/sbin/ipset destroy other 2>"$work/none" || other=yes
  echo "after \"$1\": $(members bans) of 2 members added, another set made: $other; errors: $(cat "$work/errors")"
}

inside() {
  chroot "$work/root" /usr/sbin/ipset create bans hash:ip
  talk 'add gone 203.0.113.9'
  [ "$(members bans) $other" = '2 yes' ]
  talk 'test gone 203.0.113.9'
  [ "$(members bans) $other" = '2 yes' ]
  talk 'list bans'
  [ "$(members bans) $other" = '2 yes' ]
  talk 'list gone'
  [ "$(members bans) $other $(wc -l <"$work/errors")" = '0 no 1' ]
  talk 'save gone'
  [ "$(members bans) $other $(wc -l <"$work/errors")" = '0 no 1' ]
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
  apt_of_trixie install --yes --download-only --no-install-recommends "ipset=$IPSET"; } >log 2>&1; then
  echo "ipset $IPSET cannot be had here any more"
  exit 1
fi
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
for deb in cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C root --keep-directory-symlink; done
chroot root /usr/sbin/ipset --version
unshare --net --fork --kill-child sh "$script" inside "$work"
