# ------------------------------------------------------------------------------------------------------------------

case $command in
  check | status | sshguard) run "$@" ;;
  setup) set_up "$@" ;;
  --help | -h | help) usage ;;
  '')
    usage >&2
    exit 2
    ;;
  *) fail 2 "unknown command \"$command\"" 'banspool-send --help lists the commands' ;;
esac
