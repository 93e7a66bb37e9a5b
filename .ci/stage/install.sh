#!/bin/sh
# Installs banspool from its tarball, on systems that have no package of it, and removes it again. Called twice it puts
# the same files in place; called from a newer tarball it upgrades. It starts nothing that did not run before.
set -eu
umask 022

#FIREWALL#

#SYSTEMCTL#

#READ_PREFIX#

#REMOVE_RULES#

#SAVED_RULES#

#FORGET_SAVED_RULES#

#ACTIONS#

usage() {
  cat <<'END'
Usage: sh install.sh [--send] [--prefix FOLDER] [--node FILE] [--root FOLDER]
       sh install.sh --uninstall [--purge] [--send] [--prefix FOLDER] [--root FOLDER]

  --send           selects the sender, for a server (default: the controller, for the firewall)
  --prefix FOLDER  where programs go (default: /usr/local); units go to /etc/systemd/system, config to /etc/banspool
  --node FILE      the Node to run on, 20.19 or newer (default: the one in PATH)
  --root FOLDER    only installs files below FOLDER, for another system
  --uninstall      removes files and rules; state, keys and config stay
  --purge          removes state, keys and config as well
END
}

say() {
  printf 'banspool: %s\n' "$*"
}

fail() { # TEXT [FIX]
  say "error: $1" >&2
  [ $# -lt 2 ] || say "fix: $2" >&2
  exit 1
}

here=$(cd "$(dirname "$0")" && pwd)
prefix=/usr/local root='' node='' half=banspool task=install purge=no
# The copy that it leaves of itself knows what it installed.
case $here in
  */lib/banspool | */lib/banspool-send) prefix=${here%/lib/*} half=${here##*/} ;;
esac

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix | --root | --node)
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        case $2 in
          *[!A-Za-z0-9/._+-]* | [!/]*) fail "$1 $2: it must be an absolute path of letters, digits and ._+-" ;;
        esac
        case $1 in
          --prefix) prefix=${2%/} ;;
          --root) root=${2%/} ;;
          --node) node=$2 ;;
        esac
        shift
        ;;
      --send) half=banspool-send ;;
      --uninstall) task=uninstall ;;
      --purge) purge=yes ;;
      --help) usage; exit ;;
      *) usage >&2; exit 2 ;;
    esac
    shift
  done
  home=$prefix/lib/$half
  list=$root$home/installed
  # shellcheck disable=SC2034
  SHIPPED=$here/action.d BACKEND=$prefix/libexec/sshguard/sshg-fw-banspool
}

# Notes the path, so that an uninstall finds it. Nobody ever sees half of a file.
put() { # MODE SOURCE TARGET
  mkdir -p "$root${3%/*}"
  sed -e "s,/usr/bin/banspool,$prefix/bin/banspool,g" -e "s,/usr/sbin/banspool-send,$prefix/sbin/banspool-send,g" \
    -e "s,/usr/share/banspool/,$prefix/share/banspool/,g" <"$2" >"$root$3.new"
  finish "$1" "$3"
}

# As it is, whatever bytes it has.
copy() { # MODE SOURCE TARGET
  mkdir -p "$root${3%/*}"
  cp "$2" "$root$3.new"
  finish "$1" "$3"
}

finish() { # MODE TARGET
  chmod "$1" "$root$2.new"
  mv -f "$root$2.new" "$root$2"
  printf '%s\n' "$2" >>"$list.new"
}

put_link() { # TO PATH
  mkdir -p "$root${2%/*}"
  ln -sfn "$1" "$root$2"
  printf '%s\n' "$2" >>"$list.new"
}

put_pages() { # SECTION-AND-NAME...
  for page in "$@"; do
    section=${page%.gz} section=${section##*.}
    copy 644 "$page" "$prefix/share/man/man$section/${page##*/}"
  done
}

put_firewall() {
  for file in banspool-controller.js banspool-commands.js; do copy 644 "$here/dist/$file" "$home/$file"; done
  sed "1s,.*,#!$node," "$here/dist/banspool.js" >"$root$home/banspool.js.new"
  finish 755 "$home/banspool.js"
  copy 644 "$here/package.json" "$home/package.json"
  copy 644 "$here/copyright" "$home/copyright"
  copy 644 "$here/state/README.md" "$home/state/README.md"
  put 644 "$here/state/policy.yaml" "$home/state/policy.yaml"
  for file in config policy; do
    copy 644 "$here/schemas/$file.json" "$prefix/share/banspool/schemas/$file.json"
  done
  for file in banspool-receive banspool-saved-sets; do copy 755 "$here/action.d/$file" "$home/action.d/$file"; done
  for file in door update post-receive; do copy 755 "$here/action.d/hub/$file" "$home/action.d/hub/$file"; done
  for file in saved-rules.sh read-prefix.sh; do copy 644 "$here/action.d/$file" "$home/action.d/$file"; done
  put_link ../lib/banspool/banspool.js "$prefix/bin/banspool"
  put_link ../lib/banspool/action.d/banspool-saved-sets "$prefix/bin/banspool-saved-sets"
  for unit in $UNITS $OPTIONAL $TIMED; do put 644 "$here/systemd/$unit" "/etc/systemd/system/$unit"; done
  copy 644 "$here/systemd/sysusers.d/banspool.conf" /etc/sysusers.d/banspool.conf
  copy 644 "$here/systemd/tmpfiles.d/banspool.conf" /etc/tmpfiles.d/banspool.conf
  copy 644 "$here/share/bash-completion/completions/banspool" "$prefix/share/bash-completion/completions/banspool"
  copy 644 "$here/share/zsh/site-functions/_banspool" "$prefix/share/zsh/site-functions/_banspool"
  copy 644 "$here/share/fish/vendor_completions.d/banspool.fish" "$prefix/share/fish/vendor_completions.d/banspool.fish"
  put_pages "$here"/share/man/banspool/*
  # Not in the list: it is the administrator's.
  mkdir -p "$root/etc/banspool"
  [ -e "$root/etc/banspool/config.yaml" ] ||
    sed "s,/usr/share/banspool/,$prefix/share/banspool/,g" "$here/config.yaml" >"$root/etc/banspool/config.yaml"
}

put_send() {
  for program in banspool-send banip.sh unbanip.sh; do copy 755 "$here/action.d/$program" "$prefix/sbin/$program"; done
  put 755 "$here/action.d/sshg-fw-banspool" "$BACKEND"
  for unit in banspool-send.service banspool-send.timer; do put 644 "$here/systemd/$unit" "/etc/systemd/system/$unit"; done
  put_pages "$here"/share/man/banspool-send/*
  copy 644 "$here/LICENSE" "$home/copyright"
}

# What an older version had and this one has not goes.
put_files() {
  mkdir -p "$root$home"
  : >"$list.new"
  if [ "$half" = banspool ]; then put_firewall; else put_send; fi
  copy 755 "$0" "$home/install.sh"
  if [ -f "$list" ]; then
    while read -r path; do grep -qxF "$path" "$list.new" || rm -f "$root$path"; done <"$list"
  fi
  mv "$list.new" "$list"
}

find_node() {
  node=${node:-$(command -v node || true)}
  [ -n "$root" ] || check_node
  node=${node:-/usr/bin/node}
}

# Units see no homes, where Node's version managers put it.
check_node() {
  [ -n "$node" ] || fail 'Node is not installed, and 20.19 or newer is needed' 'install it, or specify one with --node FILE'
  found=$(readlink -f "$node")
  case $found in /home/* | /root/* | /run/user/*)
    fail "$node is in a home directory, which the service cannot read" 'install Node for the system, or specify another with --node FILE' ;;
  esac
  node_version=$("$node" --version) || fail "$node does not run"
  major=${node_version#v} minor=${node_version#*.}
  major=${major%%.*} minor=${minor%%.*}
  [ "$major" -gt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -ge 19 ]; } ||
    fail "$node is Node ${node_version#v}, and 20.19 or newer is needed" 'install a newer one, or specify one with --node FILE'
}

# Accounts first: folders are theirs.
make_accounts() {
  command -v systemd-sysusers >/dev/null || fail 'systemd is not installed; it creates the accounts and starts the units'
  systemd-sysusers /etc/sysusers.d/banspool.conf
  systemd-tmpfiles --create /etc/tmpfiles.d/banspool.conf || true
}

# Says which programs are missing, and how to get them here.
tell_missing() { # PROGRAM...
  manager=none missing='' packages=''
  for each in apt-get dnf zypper pacman apk; do
    if command -v "$each" >/dev/null; then manager=$each; break; fi
  done
  for program in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null && continue
    missing="$missing $program" packages="$packages $(package_of "$program" "$manager")"
  done
  [ -n "$missing" ] || return 0
  say "missing:$missing"
  case $manager in
    pacman) say "fix: pacman -S$packages" ;;
    apk) say "fix: apk add$packages" ;;
    none) say "fix: install$packages" ;;
    *) say "fix: $manager install$packages" ;;
  esac
}

package_of() { # PROGRAM MANAGER
  case $1/$2 in
    iptables/dnf) echo iptables-nft ;;
    nft/*) echo nftables ;;
    rrsync/dnf) echo rsync-rrsync ;;
    rrsync/apk) echo rrsync ;;
    rrsync/*) echo rsync ;;
    python3/pacman) echo python ;;
    sshd/apt-get | sshd/dnf) echo openssh-server ;;
    ssh/apt-get) echo openssh-client ;;
    ssh/dnf | ssh/zypper) echo openssh-clients ;;
    ssh*/*) echo openssh ;;
    flock/apk) echo flock ;;
    flock/*) echo util-linux ;;
    *) echo "$1" ;;
  esac
}

install_all() {
  [ -n "$root" ] || [ "$(id -u)" -eq 0 ] || fail 'only root can install banspool' 'run it as root, or with --root FOLDER'
  [ -f "$here/dist/banspool.js" ] || fail "$here is not an unpacked tarball of banspool"
  [ "$half" = banspool-send ] || find_node
  put_files
  if [ -n "$root" ]; then say "$half is installed in $root; no account was created, and no unit was changed"; return; fi
  if [ "$half" = banspool ]; then
    make_accounts
    # Several words, on purpose.
    # shellcheck disable=SC2086
    restart_units $STARTED $OPTIONAL
    tell_missing iptables ipset git nft rsync rrsync python3 sshd
    say "installed in $prefix; to start it: systemctl enable --now $UNITS"
  else
    install -d -m 700 /var/spool/banspool-send
    place_actions
    restart_units banspool-send.timer
    tell_missing rsync ssh flock awk
    say "installed in $prefix; next: banspool-send setup FIREWALL, and systemctl enable --now banspool-send.timer"
  fi
}

uninstall_all() {
  [ -f "$list" ] || fail "$list is missing: $half is not installed in $root$prefix" 'specify it with --prefix FOLDER'
  [ -n "$root" ] || [ "$(id -u)" -eq 0 ] || fail 'only root can remove banspool'
  [ -n "$root" ] || stop_all
  while read -r path; do rm -f "$root$path"; done <"$list"
  rm -f "$list"
  rmdir "$root$home/action.d/hub" "$root$home/action.d" "$root$home/state" "$root$home" \
    "$root$prefix/share/banspool/schemas" "$root$prefix/share/banspool" 2>/dev/null || true
  [ -n "$root" ] || leave_all
}

# While the config tells how the chains are named.
stop_all() {
  if [ "$half" = banspool-send ]; then stop_units banspool-send.timer banspool-send.service; return; fi
  chains=''
  [ ! -r /etc/banspool/config.yaml ] || chains=$(read_prefix /etc/banspool/config.yaml)
  # Several words, on purpose.
  # shellcheck disable=SC2086
  stop_units $UNITS $OPTIONAL $TIMED
  remove_rules "${chains:-fail2ban-}"
  forget_saved_rules "${chains:-fail2ban-}"
}

leave_all() {
  reload_units
  if [ "$purge" = no ]; then
    [ "$half" = banspool ] || leave_actions remove
    say 'removed; state, keys and config stay'
  elif [ "$half" = banspool ]; then
    rm -f /etc/banspool/config.yaml
    purge_state
    say 'removed, with state, keys and config; the accounts of banspool and fail2ban stay'
  else
    leave_actions purge
    purge_sender
    say 'removed, with outbox, key and config'
  fi
}

read_options "$@"
if [ "$task" = install ]; then install_all; else uninstall_all; fi
