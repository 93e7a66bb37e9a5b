# --- scope: jails that share a name ------------------------------------------------------------------------------

# Several jails of fail2ban may give their actions one name (`action = iptables-remote[name=HTTP]`) and so have one chain;
# an action is not told which jail calls it. So for each name it is written down how many jails have it, as far as can be
# told from starts and stops, and the ports that they have together; a snapshot sets it right. What one of several jails
# lifts may be held by another: then a snapshot of them all says what is left.
#
# Sets holders, their_ports and their_protocol.
read_scope() {
  holders=0 their_ports='' their_protocol=''
  [ ! -e "$outbox/.scope,$jail" ] || read -r holders their_ports their_protocol <"$outbox/.scope,$jail"
  is_number "$holders" || holders=0
}

widen_scope() {
  ports=$(union "$their_ports" "$ports")
  protocol=$(union "$their_protocol" "$protocol")
}

# Prints a list with all words of the two, or all where that is one of them.
union() { # LIST LIST
  both=$1
  split "$2"
  for word in $words; do
    case ,$both, in *",$word,"*) ;; *) both=${both:+$both,}$word ;; esac
  done
  case ,$both, in *,all,*) both=all ;; esac
  [ ${#both} -le $TEXT_LENGTH ] || both=all
  printf '%s' "$both"
}

# Not for sshguard, which is one and may be killed without a stop.
change_scope() {
  # What a snapshot knew of jails and actions is of no use any more.
  printf '%s\n' "$now_ns-$$" >"$outbox/.changed" 2>/dev/null || :
  case $jail/$intent in
    sshguard/*) return ;;
    */start)
      [ "$holders" -lt 1 ] || widen_scope
      holders=$((holders + 1))
      ;;
    */stop) holders=$((holders - 1)) ports=$their_ports protocol=$their_protocol ;;
    */reload) [ "$holders" -lt 2 ] || widen_scope ;;
  esac
  write_scope
}

write_scope() {
  if [ "$holders" -gt 0 ]; then printf '%s\n' "$holders $ports $protocol" >"$outbox/.scope,$jail" 2>/dev/null || :
  else rm -f "$outbox/.scope,$jail"; fi
}

want_snapshot() {
  : >"$outbox/.want,$jail"
}
