# --- sshguard: its backend -----------------------------------------------------------------------------------------

# Lines `block ADDRESS FAMILY PREFIX` and `release ADDRESS FAMILY PREFIX`, first of all `flushonexit`. A pipe that is
# not read stops sshguard's detection, and a backend that ends stops sshguard: so nothing here waits or gives up. At
# its own stop sshguard closes the pipe and releases nothing: that is a stop, and no unban.
sshguard() {
  case $sshguard_ports in all) protocol=all ;; *) protocol=tcp ;; esac
  scope="--jail sshguard --ports $sshguard_ports --protocol $protocol"
  # Words without blanks.
  # shellcheck disable=SC2086
  queue_apart start $scope
  while read -r word address family prefix _; do
    case $word in
      block)
        # shellcheck disable=SC2086
        mask "$address" "${family:-4}" "${prefix:-}" && queue_apart ban $scope --ip "$net" --bantime "$sshguard_bantime"
        ;;
      release) mask "$address" "${family:-4}" "${prefix:-}" && queue_apart unban --jail sshguard --ip "$net" ;;
      flush) queue_apart flush --jail sshguard ;;
      flushonexit | '') ;;
      *) log warning "unknown word \"$word\" from sshguard ignored" ;;
    esac
  done
  queue_apart stop --jail sshguard
}

# In a process of its own, so that a full disk ends only that. The count is kept here: two of one instant get two names.
queue_apart() { # INTENT OPTION VALUE...
  written=$((written + 1))
  (queue "$@")
}

# Sets net: sshguard blocks 203.0.113.77 with prefix 24 when it means 203.0.113.0/24. An awk that failed may have printed
# a part of it.
mask() { # ADDRESS FAMILY PREFIX
  net=''
  case $2/$3 in
    4/ | 6/ | 4/32 | 6/128) net=$1 ;;
    4/[1-9] | 4/[12][0-9] | 4/3[01]) net=$(printf '%s\n' "$1" | awk -F. -v prefix="$3" '
      NF == 4 && /^[0-9.]+$/ {
        for (i = 1; i <= 4; i++) {
          size = 1; for (bits = prefix - 8 * (i - 1); bits < 8 && size < 256; bits++) size *= 2
          printf "%s%d", (i > 1 ? "." : ""), $i - $i % size
        }
        print "/" prefix
      }') || net='' ;;
    6/[1-9] | 6/[1-9][0-9] | 6/1[01][0-9] | 6/12[0-7]) net=$(printf '%s\n' "$1" | awk -v prefix="$3" '
      function number(hex,   i, n) {
        for (i = 1; i <= length(hex); i++) n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
        return n
      }
      /^[0-9A-Fa-f:]*:[0-9A-Fa-f:]*$/ {
        parts = split(tolower($0), half, "::")
        left = split(half[1], a, ":"); right = parts > 1 ? split(half[2], b, ":") : 0
        for (i = 1; i <= 8; i++) {
          group = i <= left ? a[i] : i > 8 - right ? b[i - 8 + right] : "0"
          size = 1; for (bits = prefix - 16 * (i - 1); bits < 16 && size < 65536; bits++) size *= 2
          n = number(group)
          printf "%s%x", (i > 1 ? ":" : ""), n - n % size
        }
        print "/" prefix
      }') || net='' ;;
  esac
  [ -n "$net" ] || { log warning "\"$1 $2 $3\" from sshguard is not a network"; return 1; }
}
