#!/bin/sh
# `nft monitor` in a namespace of processes of its own, and `nft -j monitor`.
#
# Expected: the process id in `# new generation 2 by process 57 (nft)` is the one by which whoever asks knows that process; and
# JSON tells what the text tells.
# Seen: the id is that of the outermost namespace (the kernel fills in task_pid_nr), where ids of the namespace mean nothing, or
# another process. With -j there is no line for a generation at all: neither the id nor the name of the program is told.
#
# nftables 1.0.6 (Debian 12). It needs root.
set -eu
export LC_ALL=C

inside() {
  nft add table ip t
  nft monitor >"$work/text" &
  text=$!
  nft -j monitor >"$work/json" &
  json=$!
  sleep 1
  sh -c 'echo $$ >"$1"; exec nft add chain ip t c' sh "$work/pid"
  sleep 1
  kill "$text" "$json"
  pid=$(cat "$work/pid")
  told=$(sed -n 's/^# new generation [0-9]* by process \([0-9]*\) (nft)$/\1/p' "$work/text")
  echo "$(nft --version), Linux $(cut -d ' ' -f 3 /proc/version)"
  echo "process that made a chain, in its namespace: $pid; as nft monitor tells it: ${told:-nothing}"
  echo "lines of nft -j monitor: $(wc -l <"$work/json"); of them with the process: $(grep -c 'generation\|process\|pid' "$work/json" || :)"
  [ -n "$told" ] && [ "$told" -ne "$pid" ] && [ -s "$work/json" ] && ! grep -q 'generation\|process\|pid' "$work/json"
}

if [ "${1:-}" = inside ]; then
  work=$2
  inside
  exit
fi

[ "$(id -u)" -eq 0 ] || { echo 'this needs root'; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
for package in nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libnftnl11=1.2.4-2 libxtables12=1.8.9-2 \
  libmnl0=1.0.4-3 libjansson4=2.14-2; do
  if ! (cd "$work" && apt-get -qq download "$package" 2>/dev/null); then
    echo "$package cannot be had here any more"
    exit 1
  fi
done
for package in "$work"/*.deb; do dpkg-deb --extract "$package" "$work/root"; done
PATH="$work/root/usr/sbin:$PATH"
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so.*' -printf '%h\n' | sort -u | tr '\n' ':')
export PATH LD_LIBRARY_PATH
unshare --net --pid --fork --kill-child --mount-proc sh "$0" inside "$work"
