#!/bin/sh
# rsync of one file of a few bytes, which is renamed into its place at the end, and when the program is over.
#
# Expected: rsync ends as soon as the file has its name, a millisecond or two later, as cp does.
# Seen: it ends some 22 to 45 ms later, longer than the whole transfer takes, on an idle machine too: a process that
# waits for the other end of the transfer looks 20 ms later for the first time, and both ends wait for one. So whoever
# sends each file by an rsync of its own, and waits for its end, sends fewer than 25 a second over a connection that
# stands; what has arrived is seen long before the sender hears of it.
#
# rsync 3.5.0+ds1-0+deb12u1 (Debian 12); copies from folder to folder, without a network. Needs root for chroot.
set -eu
export LC_ALL=C
RSYNC=3.5.0+ds1-0+deb12u1
TRIES=10

now() { # in microseconds
  echo $(($(date +%s%N) / 1000))
}

# How long after its name the program that made the file was over, in microseconds.
later() { # FILE
  echo $(($(now) - $(date -d "$(stat -c %z "$1")" +%s%N) / 1000))
}

[ "$(id -u)" -eq 0 ] || { echo 'this needs root'; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
apt_of_bookworm() { # COMMAND WORD...
  apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" \
    -o Dir::State::status=/dev/null -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" "$@"
}
mkdir -p parts lists/partial cache/archives/partial root/usr/bin root/usr/sbin root/usr/lib root/usr/lib64
mkdir root/from root/to
for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian.*; do
  [ ! -f "$list" ] || sed "s/\\b$own\\b/bookworm/g" "$list" >"parts/own.${list##*.}"
done
if ! { apt_of_bookworm update &&
  apt_of_bookworm install --yes --download-only --no-install-recommends "rsync=$RSYNC"; } >log 2>&1; then
  echo "rsync $RSYNC cannot be had here any more"
  exit 1
fi
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
for deb in cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C root --keep-directory-symlink; done
chroot root /usr/bin/rsync --version | head -n 1

late=0
try=0
while [ $try -lt $TRIES ]; do
  try=$((try + 1))
  echo "$try" >"root/from/$try"
  chroot root /usr/bin/rsync "/from/$try" /to/
  by_rsync=$(later "root/to/$try")
  cp "root/from/$try" "root/to/copy-$try"
  by_cp=$(later "root/to/copy-$try")
  echo "over after the file has its name: rsync $by_rsync µs, cp $by_cp µs"
  [ "$by_rsync" -lt 20000 ] || late=$((late + 1))
done
# None can be earlier than the sleep.
[ $late -eq $TRIES ]
