# shellcheck shell=bash disable=SC2154
# The servers' half: shell alone, no Node.

stage_banspool_send() { # ROOT
  local root=$1 program action
  for program in banspool-send banip.sh unbanip.sh; do
    put 755 "action.d/$program" "$root/usr/sbin/$program"
  done
  # In /etc they would be conffiles, and dpkg would ask about those of the article's scripts.
  for action in action.d/*.conf; do
    put 644 "$action" "$root/usr/share/banspool-send/$action"
  done
  put 755 action.d/sshg-fw-banspool "$root/usr/libexec/sshguard/sshg-fw-banspool"
  put 644 systemd/banspool-send.service "$root/usr/lib/systemd/system/banspool-send.service"
  put 644 systemd/banspool-send.timer "$root/usr/lib/systemd/system/banspool-send.timer"
  mkdir -p "$root/usr/share/man/man8"
  send_manual | gzip -9n >"$root/usr/share/man/man8/banspool-send.8.gz"
  for program in banip.sh unbanip.sh; do
    ln -s banspool-send.8.gz "$root/usr/share/man/man8/$program.8.gz"
  done
}

# The page is what --help says, so that it cannot rot.
send_manual() {
  cat <<PAGE
.TH BANSPOOL-SEND 8 "" "banspool $version" "System Administration"
.SH NAME
banspool\-send, banip.sh, unbanip.sh \- send the bans of this server to the firewall
.SH SYNOPSIS
.B banspool\-send
.I COMMAND
.br
.B banip.sh
.I CHAIN IP PORTS PROTOCOL
.br
.B unbanip.sh
.I CHAIN IP
.SH DESCRIPTION
.nf
$(action.d/banspool-send --help | sed -e 1,2d -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^[.']/\\\\\&&/")
.fi
.SH SEE ALSO
.BR banspool (8),
.BR fail2ban\-client (1),
.BR jail.conf (5)
PAGE
}
