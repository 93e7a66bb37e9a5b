# ------------------------------------------------------------------------------------------------------------------

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
  queue | ship | snapshot | check | status | sshguard)
    read_config
    [ -d "$outbox" ] || (umask 077 && mkdir -p "$outbox") || fail 1 "cannot create the outbox $outbox"
    [ "$command/$#" != ship/0 ] || set -- --once
    "$command" "$@"
    ;;
  setup) set_up "$@" ;;
  --help | -h | help) usage ;;
  '')
    usage >&2
    exit 2
    ;;
  *) fail 2 "unknown command \"$command\"" 'banspool-send --help lists the commands' ;;
esac
