/**
 * Root, at work on files of somebody else's: what that account could have put there must lead it nowhere. So the command is
 * begun once more, by setpriv, with that account's effective ids: it opens, makes and removes files as that user. Its real
 * ids stay root's, and so do the programs that it starts (run.ts). No process changes its own ids: a Node that may have been
 * built with io_uring refuses to (CVE-2024-22017), and Debian 13's is one.
 */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { constants } from 'node:os';
import { BanspoolError } from './error.ts';
import { HANDED_OVER, type Given } from './given.ts';
import { programEnv } from './run.ts';
import { sessionsAbove, SESSIONS_ABOVE } from './sessions.ts';
import type { Identity } from './user.ts';

/** Runs the command of this process once more, as one that acts as that user; returns its exit code. */
export function runAnewAs(user: Identity, given: Given): number {
  return exitCodeOf(startAnewAs(user, given, 'inherit'));
}

/** The same with what it tells: its exit code, and its output. */
export function askAnewAs(
  user: Identity,
  given: Given,
): { readonly exitCode: number; readonly stdout: string } {
  const ran = startAnewAs(user, given, 'pipe');
  return { exitCode: exitCodeOf(ran), stdout: ran.stdout };
}

function startAnewAs(
  { uid, gid }: Identity,
  given: Given,
  stdout: 'inherit' | 'pipe',
): SpawnSyncReturns<string> {
  const env = { ...process.env, PATH: programEnv()['PATH'] };
  const asUser = [
    ...['--euid', String(uid), '--egid', String(gid), '--groups', groupsOf({ uid, gid }, env).join(',')],
    ...['--', process.execPath, ...process.execArgv, ...process.argv.slice(1)],
  ];
  const ran = spawnSync('setpriv', asUser, {
    ...{ encoding: 'utf8', maxBuffer: Infinity },
    ...{ input: given.handOver(), stdio: ['pipe', stdout, 'inherit'] },
    // Who acts as another is not told of root's processes, nor may it read what root may.
    env: { ...env, [HANDED_OVER]: '1', [SESSIONS_ABOVE]: sessionsAbove().join('\n') },
  });
  if (ran.error !== undefined)
    throw new BanspoolError('command-failed', `cannot act as the user ${uid}: ${ran.error.message}`, {
      cause: ran.error,
      hint: 'install setpriv (package util-linux), or run it as that user',
    });
  return ran;
}

/** Those of the account; a user without an account has its group alone. */
function groupsOf({ uid, gid }: Identity, env: NodeJS.ProcessEnv): readonly string[] {
  const ran = spawnSync('id', ['-G', String(uid)], { encoding: 'utf8', env });
  return ran.status === 0 ? ran.stdout.trim().split(' ') : [String(gid)];
}

/** As a shell has it where a signal ended it. */
function exitCodeOf({ status, signal }: SpawnSyncReturns<string>): number {
  return status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
