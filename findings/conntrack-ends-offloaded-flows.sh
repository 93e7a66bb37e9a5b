#!/bin/sh
# nftables' flowtables, and a rule that drops an address whose connection stands already.
#
# Expected: a drop of the address in FORWARD, above the accept of established connections, cuts its connections at once, as
# it does without a flowtable.
# Seen: a connection that the flowtable took over goes on for as long as it talks: its packets pass from the ingress of one
# device to the other, and meet no rule any more, in FORWARD or elsewhere. `conntrack -D -s ADDRESS` ends it at once.
#
# nftables 1.0.6 and conntrack 1.4.7 (Debian 12); seen with Linux 6.12.115. It needs a kernel with flowtables (nft_flow_offload),
# root, and python3 for the two ends of the connection.
set -eu
export LC_ALL=C

# The two ends are namespaces beside this one, which is the firewall's.
inside() {
  mount -t tmpfs tmpfs /run
  for host in far near; do
    ip netns add "$host"
    ip -n "$host" link set lo up
    ip link add "${host}0" type veth peer name eth0 netns "$host"
    ip link set "${host}0" up
    ip -n "$host" link set eth0 up
  done
  ip address add 198.51.100.1/24 dev far0
  ip address add 203.0.113.1/24 dev near0
  ip -n far address add 198.51.100.7/24 dev eth0
  ip -n near address add 203.0.113.10/24 dev eth0
  ip -n far route add default via 198.51.100.1
  ip -n near route add default via 203.0.113.1
  echo 1 >/proc/sys/net/ipv4/ip_forward
  if ! nft -f - <<'NFT' 2>/dev/null; then
table inet filter {
  flowtable fast { hook ingress priority 0; devices = { far0, near0 }; }
  chain banned { }
  chain forward {
    type filter hook forward priority 0; policy accept;
    jump banned
    ct state established flow add @fast
    ct state established accept
  }
}
NFT
    echo "Linux $(cut -d ' ' -f 3 /proc/version) has no flowtables; nothing is told here"
    exit 1
  fi
  ip netns exec near python3 -c "$ECHO" &
  server=$!
  ip netns exec far python3 -c "$TALK" >"$work/answers" 2>/dev/null &
  client=$!
  trap 'kill "$server" "$client" 2>/dev/null || :' EXIT
  wait_for 10
  offloaded=$(conntrack -L -f ipv4 -u OFFLOAD 2>/dev/null | grep -c 'src=198.51.100.7 ' || :)
  nft add rule inet filter banned ip saddr 198.51.100.7 drop
  sleep 1
  dropped=$(answers)
  sleep 3
  later=$(answers)
  conntrack -D -f ipv4 -s 198.51.100.7 >/dev/null 2>&1
  sleep 1
  ended=$(answers)
  sleep 3
  last=$(answers)
  echo "Linux $(cut -d ' ' -f 3 /proc/version), $(nft --version), $(conntrack --version 2>&1)"
  echo "flows of 198.51.100.7 in the flowtable: $offloaded"
  echo "answers to it in 3 s after the drop: $((later - dropped))"
  echo "answers to it in 3 s after conntrack -D: $((last - ended))"
  [ "$offloaded" -ge 1 ] && [ "$later" -gt "$dropped" ] && [ "$last" -eq "$ended" ]
}

answers() {
  wc -l <"$work/answers"
}

wait_for() { # ANSWERS
  for _ in $(seq 300); do
    [ "$(answers)" -lt "$1" ] || return 0
    sleep 0.1
  done
  echo 'no connection came about'
  exit 1
}

ECHO='
import socket
s = socket.create_server(("", 8080))
c = s.accept()[0]
while True: c.sendall(c.recv(100))'

TALK='
import socket, time
while True:
    try: c = socket.create_connection(("203.0.113.10", 8080), 2); break
    except OSError: time.sleep(0.1)
while True: c.sendall(b"x"); c.recv(1); print("answer", flush=True); time.sleep(0.1)'

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
  conntrack=1:1.4.7-1+b2 libnetfilter-conntrack3=1.0.9-3 libnfnetlink0=1.0.2-2 libmnl0=1.0.4-3 libjansson4=2.14-2; do
  if ! (cd "$work" && apt-get -qq download "$package" 2>/dev/null); then
    echo "$package cannot be had here any more"
    exit 1
  fi
done
for package in "$work"/*.deb; do dpkg-deb --extract "$package" "$work/root"; done
PATH="$work/root/usr/sbin:$PATH"
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so.*' -printf '%h\n' | sort -u | tr '\n' ':')
export PATH LD_LIBRARY_PATH
unshare --net --mount --fork --kill-child sh "$0" inside "$work"
