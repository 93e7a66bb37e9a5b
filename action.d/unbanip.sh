#!/bin/sh
# unbanip.sh CHAIN IP: the call of the "Centralized fail2ban" article, on a server. CHAIN is fail2ban-JAIL.
[ $# -eq 2 ] || { echo 'Usage: unbanip.sh CHAIN IP' >&2; exit 2; }
PATH=${0%/*}:$PATH
exec banspool-send queue unban --jail "${1#fail2ban-}" --ip "$2"
