#!/bin/sh
# banip.sh CHAIN IP PORTS PROTOCOL: the call of the "Centralized fail2ban" article, on a server. CHAIN is
# fail2ban-JAIL. Lasts until unbanip.sh, or until fail2ban's own list says otherwise.
[ $# -eq 4 ] || { echo 'Usage: banip.sh CHAIN IP PORTS PROTOCOL' >&2; exit 2; }
PATH=${0%/*}:$PATH
exec banspool-send queue ban --jail "${1#fail2ban-}" --ip "$2" --ports "$3" --protocol "$4"
