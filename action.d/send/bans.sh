# --- bans: what fail2ban lists -----------------------------------------------------------------------------------

# fail2ban prints local time, in the zone of its own process.
use_time_zone_of_fail2ban() {
  pid=$(cat "${fail2ban_socket%.sock}.pid" 2>/dev/null) && [ -r "/proc/$pid/environ" ] || return 0
  zone=$(tr '\0' '\n' <"/proc/$pid/environ" | sed -n 's/^TZ=//p')
  TZ=${zone:-:/proc/$pid/root/etc/localtime}
  export TZ
}

# Local times that stand twice in a year are told apart by what must hold: the ban began in the past, its end is the
# start and its length, and is not over yet. fail2ban cuts all three to whole seconds, each for itself: with a length
# that has a fraction, as bantime.rndtime makes it, the end may be one second more than the start and the length that it
# prints. The ban is over within the second after the printed end, whichever that is, so it is sent to the end of that.
list_bans() {
  awk -v now="$((now_ms / 1000))" '
    function local(day, clock) {
      return mktime(substr(day, 1, 4) " " substr(day, 6, 2) " " substr(day, 9, 2) " " \
        substr(clock, 1, 2) " " substr(clock, 4, 2) " " substr(clock, 7, 2))
    }
    # Sets lasts as well, the seconds up to the printed end.
    function epoch(day, clock, seconds, end,   guess, k, t) {
      guess = local(day, clock)
      for (k = 8; k >= -8; k--) {
        t = guess + k * 1800
        if (t > now + 5 || strftime(FORM, t) != day " " clock) continue
        # mawk counts the seconds in 32 bits: what ends after 2037 is known by its beginning.
        lasts = seconds
        if (seconds < 0 || substr(end, 1, 4) > 2037) return t
        for (lasts = seconds + 0; lasts <= seconds + 1; lasts++)
          if (t + lasts >= now - 60 && strftime(FORM, t + lasts) == end) return t
      }
      return -1
    }
    # The firewall refuses the whole list for one that is none: a typing error in `banip` stands in the list too.
    function is_net(text,   net, part, parts, i, n, gaps) {
      n = split(text, net, "/")
      if (n > 2 || (n == 2 && net[2] !~ /^(0|[1-9][0-9]?[0-9]?)$/)) return 0
      if (net[1] ~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/) {
        split(net[1], part, ".")
        for (i = 1; i <= 4; i++) if (part[i] !~ /^(0|[1-9][0-9]?[0-9]?)$/ || part[i] + 0 > 255) return 0
        return net[1] != "0.0.0.0" && (n == 1 || net[2] + 0 <= 32)
      }
      if (net[1] !~ /^[0-9A-Fa-f:]*:[0-9A-Fa-f:]*$/ || net[1] ~ /:::|^:[^:]|[^:]:$/ || net[1] == "::") return 0
      gaps = split(net[1], part, "::") - 1
      parts = split(net[1], part, ":")
      for (i = 1; i <= parts; i++) if (length(part[i]) > 4) return 0
      return gaps < 2 && (gaps ? parts <= 9 : parts == 8) && (n == 1 || net[2] + 0 <= 128)
    }
    BEGIN { FORM = "%Y-%m-%d %H:%M:%S"; MOST = '"$MOST_SECONDS"' }
    # ADDRESS, 2026-11-25, 10:14:27, +, 600, =, 2026-11-25, 10:24:27
    NF == 8 && is_net($1) {
      t = epoch($2, $3, $5, $7 " " $8)
      if (t < 0) odd[++odds] = $0; else { known++; add($1, t, lasts) }
    }
    END {
      # Where others show that the time zone is right, as after the clock was set back or while fail2ban stands still.
      for (i = 1; i <= odds; i++) {
        $0 = odd[i]
        if (!known) { printf "%s in \"%s\" is not a time in this time zone (%s)", $2 " " $3, $0, strftime("%Z"); exit 1 }
        add($1, local($2, $3), $5)
      }
      for (i = 1; i <= bans; i++) printf "\n  - { ip: %s, time: %.0f, bantime: %.0f }", ip[i], begin[ip[i]], length_of[ip[i]]
    }
    # Of two jails of one name, the ban that lasts longer.
    function add(net, t, seconds) {
      seconds = seconds < 0 ? -1 : seconds < MOST ? seconds + 1 : MOST
      if (!(net in begin)) ip[++bans] = net
      else if (length_of[net] < 0 || (seconds >= 0 && begin[net] + length_of[net] >= t + seconds)) return
      begin[net] = t
      length_of[net] = seconds
    }'
}
