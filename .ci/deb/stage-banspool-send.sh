# shellcheck shell=bash disable=SC2154
# The servers' half: shell alone, no Node.

stage_banspool_send() { # ROOT
  local root=$1 program
  for program in banspool-send banip.sh unbanip.sh; do
    put 755 "action.d/$program" "$root/usr/sbin/$program"
  done
  put 644 action.d/iptables-remote.conf "$root/etc/fail2ban/action.d/iptables-remote.conf"
  put 755 action.d/sshg-fw-banspool "$root/usr/libexec/sshguard/sshg-fw-banspool"
  put 644 .ci/deb/banspool-send/send.conf "$root/etc/banspool/send.conf"
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
banspool\-send \- send the bans of this server to the firewall
.SH SYNOPSIS
.B banspool\-send
.I COMMAND
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
