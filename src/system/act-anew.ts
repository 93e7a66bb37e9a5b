/**
 * A Node that may have been built with io_uring lets no process change its ids (CVE-2024-22017): Debian 13's is one. There a
 * command begins once more, by setpriv, with the effective ids that it is to have. Its real ones stay root's, as with actAs.
 */
import { spawnSync } from 'node:child_process';
import { canChangeIds, type Identity } from './act-as.ts';
import { BanspoolError } from './error.ts';
import { sessionsAbove, SESSIONS_ABOVE } from './sessions.ts';

/** True where root cannot act as that user by itself, and does not yet. */
export function mustActAnew({ uid }: Identity): boolean {
  return process.geteuid?.() !== uid && !canChangeIds();
}

/** Runs the command of this process once more, as one that acts as that user; returns its exit code. */
export function runAnewAs({ uid, gid }: Identity): number {
  const groups = spawnSync('id', ['-G', String(uid)], { encoding: 'utf8' }).stdout.trim();
  const ran = spawnSync(
    'setpriv',
    [
      ...['--euid', String(uid), '--egid', String(gid)],
      ...['--groups', groups === '' ? String(gid) : groups.replaceAll(' ', ',')],
      ...['--', process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    ],
    // Who acts as another is not told of root's processes.
    { stdio: 'inherit', env: { ...process.env, [SESSIONS_ABOVE]: sessionsAbove().join('\n') } },
  );
  if (ran.error !== undefined)
    throw new BanspoolError('command-failed', `cannot act as the user ${uid}: ${ran.error.message}`, {
      cause: ran.error,
      hint: 'install setpriv (package util-linux), or run it as that user',
    });
  return ran.status ?? 1;
}

/** The program and the words before its own, as this process was started. */
export function thisProgram(): readonly string[] {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
}
