# shellcheck shell=sh
# saved_rules: prints those files that are there of the ones in which distributions and people keep rules of iptables, to
# be loaded at boot. src/system/firewall/saved-rules.ts has the same list; a test compares them. BANSPOOL_ROOT stands ahead of each.

saved_rules() {
  for file in \
    /etc/iptables/rules.v4 /etc/iptables/rules.v6 \
    /etc/sysconfig/iptables /etc/sysconfig/ip6tables \
    /etc/iptables/iptables.rules /etc/iptables/ip6tables.rules \
    /etc/iptables/rules-save /etc/iptables/rules6-save \
    /var/lib/iptables/rules-save /var/lib/ip6tables/rules-save \
    /etc/iptables.rules /etc/ip6tables.rules \
    /etc/iptables.up.rules /etc/ip6tables.up.rules \
    /etc/ufw/before.rules /etc/ufw/before6.rules /etc/ufw/after.rules /etc/ufw/after6.rules; do
    if [ -f "${BANSPOOL_ROOT:-}$file" ]; then printf '%s\n' "${BANSPOOL_ROOT:-}$file"; fi
  done
}
