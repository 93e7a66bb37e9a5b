/**
 * Restores the terminal of a process that was killed outright and could not. A small shell reads from a pipe that the
 * process holds: where the pipe ends while the terminal is taken, nobody else will give it back. It is in a session of
 * its own, so that no signal which a terminal or a shell sends to the process's group ends it too.
 */
import { spawn, spawnSync } from 'node:child_process';
import { programEnv } from '../processes/run.ts';

export interface TerminalWatcher {
  /** The terminal is set as it is to be from now on. */
  readonly taken: () => void;
  /** It is as it was. */
  readonly left: () => void;
  /** Nothing is left to watch. */
  readonly dismiss: () => void;
}

/**
 * The terminal is descriptor 3, since 1 is another within `$(…)`. Settings that are others by then, as a shell may have
 * put its own, stay. $1: the text that leaves the screen; $2: the settings as they were.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM TSTP TTIN TTOU
exec 3>&1
taken=
while read -r word; do
  taken=
  [ "$word" != taken ] || taken=$(stty -g <&3)
done
[ -n "$taken" ] || exit 0
printf %s "$1" >&3
[ "$(stty -g <&3)" != "$taken" ] || stty "$2" <&3
`;

/** Watches the terminal that is standard output; to be called before its settings are changed. */
export function watchTerminal(leave: string): TerminalWatcher {
  const env = programEnv();
  const { stdout } = spawnSync('/bin/sh', ['-c', 'exec stty -g'], {
    stdio: [1, 'pipe', 'ignore'],
    encoding: 'utf8',
    env,
  });
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'banspool-top-watcher', leave, stdout.trim()], {
    stdio: ['pipe', 'inherit', 'ignore'],
    detached: true,
    ...{ cwd: '/', env },
  });
  // Without it all is well as long as nobody kills this process.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  const say = (word: string): void => void shell.stdin.write(`${word}\n`);
  return {
    taken: () => {
      say('taken');
    },
    left: () => {
      say('left');
    },
    dismiss: () => {
      shell.stdin.end();
    },
  };
}
