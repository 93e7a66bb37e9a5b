/**
 * From where people are logged in here: those are not to lock themselves out. sudo drops SSH_CONNECTION, and a pager or
 * tmux hides the terminal, so each way of knowing is tried: a session found twice does no harm, one missed does.
 */
import * as fs from 'node:fs';
import { orElse } from './or-else.ts';
import type { Run } from './processes/run.ts';
import { tcpPeersOf } from './tcp-peers.ts';

export interface Session {
  /** Text of an address, as others have it: perhaps none. */
  readonly address: string;
  /** `you are logged in`, `anna is logged in (pts/1)`. */
  readonly who: string;
}

export type FindSessions = () => Promise<readonly Session[]>;

/** Looks at this process's own session, then at all that `who` knows of. */
export function makeFindSessions(run: Run, env: NodeJS.ProcessEnv): FindSessions {
  return async () => {
    const above = env[SESSIONS_ABOVE]?.split('\n') ?? sessionsAbove();
    const own = [env['SSH_CONNECTION'], env['SSH_CLIENT'], ...above];
    return [
      ...own
        .flatMap((connection) =>
          connection === undefined || connection === '' ? [] : [firstWord(connection)],
        )
        .map(yours),
      ...(await others(run)),
    ];
  };
}

/** Where one process of root's hands on to another what is said above it. */
export const SESSIONS_ABOVE = 'BANSPOOL_SESSIONS_ABOVE';

function yours(address: string): Session {
  return { address: withoutZone(address), who: 'you are logged in' };
}

function firstWord(text: string): string {
  return text.split(' ', 1)[0] ?? '';
}

/** Of a link-local address; no packet bears it. */
function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? '';
}

/** sshd is seldom further up than shell, sudo and shell. */
const MAX_ANCESTORS = 64;

/**
 * What the processes above this one were told by sshd, and whom the sshd among them speaks to. Of root's own
 * processes only root is told.
 */
export function sessionsAbove(): readonly string[] {
  const found: string[] = [];
  let pid = process.ppid;
  for (let depth = 0; depth < MAX_ANCESTORS && pid > 0; depth += 1) {
    const environment = orElse(() => fs.readFileSync(`/proc/${pid}/environ`, 'utf8'), '');
    for (const variable of environment.split('\0'))
      if (/^SSH_C(ONNECTION|LIENT)=/.test(variable)) found.push(variable.slice(variable.indexOf('=') + 1));
    const stat = orElse(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
    if (stat.includes('(sshd')) found.push(...tcpPeersOf(pid));
    // Field 4 of proc_pid_stat(5), after a name that may hold anything.
    pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
  }
  return found;
}

/** Such as `anna     pts/1        2026-11-28 14:00 203.0.113.7`; where there is no `who`, nobody is known of. */
async function others(run: Run): Promise<readonly Session[]> {
  const ran = await run('who', ['--ips'], { timeoutMs: WHO_MS }).catch(() => undefined);
  if (ran?.exitCode !== 0) return [];
  return ran.stdout.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const [name = '', terminal = ''] = words;
    const address = withoutZone((words.at(-1) ?? '').replace(/^\(|\)$/g, ''));
    return words.length > 4 ? [{ address, who: `${name} is logged in (${terminal})` }] : [];
  });
}

const WHO_MS = 5_000;
