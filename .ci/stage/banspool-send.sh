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
  stage_pages "$root/usr/share/man" docs/man/banspool-send.8.md
  for program in banip.sh unbanip.sh; do
    ln -s banspool-send.8.gz "$root/usr/share/man/man8/$program.8.gz"
  done
}
