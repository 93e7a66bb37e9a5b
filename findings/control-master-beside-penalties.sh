#!/bin/bash
# OpenSSH 10.0 (Debian 13, 1:10.0p1-7+deb13u4): PerSourcePenalties beside ControlMaster.
#
# One would expect of an address that sshd penalises ("drop connection ... penalty: failed authentication") that nobody
# gets in from there any more, or that whoever is in with a good key keeps the address good. Neither is so:
#
#   1. A connection that stands is not touched: its ControlMaster opens one session after the other while sshd drops every
#      new connection from the same address, those with the good key too. `ssh -O check` says that all is well.
#   2. So a sender with ControlPersist notices nothing, until its master ends for a reason of its own: then it is out,
#      though it never failed, and ssh says no more than "Connection closed by ... port 22" or "Connection reset by peer".
#   3. Good logins take nothing off, sessions whose command fails add nothing, and neither does a wrong key that the client
#      offers ahead of the right one: what counts is a connection that ends without a login (5 s), or without a try at one (1 s).
#
# Both ends run in namespaces of their own, out of unpacked packages. Exit code 0: it is so; 1: it is not, or cannot be seen.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
VERSION=1:10.0p1-7+deb13u4

if [ "${1:-}" != inside ]; then
  [ "$(id -u)" -eq 0 ] || { echo 'this wants root, for namespaces and a chroot'; exit 1; }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/parts" "$work/lists/partial" "$work/cache/archives/partial" "$work/debs" "$work/root"
  own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian.*; do
    [ ! -f "$list" ] || sed "s/\\b$own\\b/trixie/g" "$list" >"$work/parts/own.${list##*.}"
  done
  apt() {
    apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" \
      -o Dir::State::status=/dev/null -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" "$@"
  }
  apt update
  # The libraries are whatever Debian 13 has by now.
  if ! (cd "$work/debs" && apt download "openssh-server=$VERSION" "openssh-client=$VERSION" dash libc6 libaudit1 libpam0g \
    libselinux1 libgssapi-krb5-2 libkrb5-3 libcom-err2 libssl3t64 zlib1g libwtmpdb0 libcap-ng0 libpcre2-8-0 libk5crypto3 \
    libkrb5support0 libkeyutils1 libzstd1 libsqlite3-0 libwrap0 libcrypt1 libedit2 libbsd0 libmd0 libtinfo6); then
    echo "openssh-server $VERSION is no longer served"
    exit 1
  fi
  for deb in "$work/debs"/*.deb; do dpkg-deb --extract "$deb" "$work/root"; done
  for folder in bin sbin lib lib64; do
    [ -e "$work/root/$folder" ] || ln -s "usr/$folder" "$work/root/$folder"
  done
  exit_code=0
  unshare --net --mount --pid --fork --kill-child --mount-proc "$0" inside "$work/root" || exit_code=$?
  exit "$exit_code"
fi

root=$2
mkdir -p "$root"/{proc,dev,run/sshd,etc,root/.ssh,var/empty}
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
printf '%s\n' 'root:*:0:0::/root:/bin/sh' 'sshd:*:999:999::/run/sshd:/bin/false' >"$root/etc/passwd"
chmod 700 "$root/root" "$root/root/.ssh"
ip link set lo up

inside() { chroot "$root" "$@"; }

inside /usr/bin/ssh -V 2>&1
for key in host good bad; do inside /usr/bin/ssh-keygen -q -t ed25519 -N '' -f "/root/$key"; done
cp "$root/root/good.pub" "$root/root/.ssh/authorized_keys"
echo "127.0.0.1 $(cut -d ' ' -f 1,2 "$root/root/host.pub")" >"$root/root/known"

inside /usr/sbin/sshd -D -f /dev/null -h /root/host -E /root/log -o UsePAM=no -o PidFile=none -o LogLevel=VERBOSE &
for _ in $(seq 50); do
  ! grep -q listening "$root/root/log" 2>/dev/null || break
  sleep 0.1
done
grep -q listening "$root/root/log"

# From an address of the loopback network that nothing else uses.
client() { # KEY WORD...
  key=$1
  shift
  inside /usr/bin/ssh -F none -b 127.0.0.2 -o BatchMode=yes -o IdentitiesOnly=yes -o UserKnownHostsFile=/root/known \
    -i "/root/$key" "$@" 2>&1
}
master='-o ControlPath=/root/master'
is_so=0
see() { # EXPECTED WHAT COMMAND...
  expected=$1 what=$2
  shift 2
  code=0
  said=$("$@") || code=$?
  [ $code -eq 0 ] && found=in || found=out
  printf '%-4s %s: %s\n' "$found" "$what" "$said"
  [ "$found" = "$expected" ] || is_so=1
}

# Both are words for ssh.
# shellcheck disable=SC2086
{
  see in 'the good key, as a master that stays' client good $master -o ControlMaster=yes -o ControlPersist=600 127.0.0.1 'echo well'
  for _ in 1 2 3 4 5; do
    code=0
    client good $master 127.0.0.1 'exit 3' >/dev/null || code=$?
    [ $code -eq 3 ] || is_so=1
  done
  see in 'a wrong key, and then the good one' client bad -i /root/good 127.0.0.1 'echo well'
  see in 'the good key, after five sessions that failed and a wrong key' client good 127.0.0.1 'echo well'
  for _ in 1 2 3 4 5; do client bad 127.0.0.1 true >/dev/null || :; done
  see out 'the good key, after five logins with the wrong one' client good 127.0.0.1 'echo well'
  see in 'a session of the master that stands' client good $master 127.0.0.1 'echo well'
  see in 'the master, by its own word' client good $master -O check 127.0.0.1
  client good $master -O exit 127.0.0.1 >/dev/null
  see out 'the same sender, once its master has ended' client good $master -o ControlMaster=auto 127.0.0.1 'echo well'
}
grep -m 3 -i penalt "$root/root/log"
grep -q 'drop connection .* penalty: failed authentication' "$root/root/log" || is_so=1
[ $is_so -eq 0 ] && echo 'it is so' || echo 'this has changed'
exit $is_so
