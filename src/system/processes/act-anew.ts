/**
 * Root, at work on files of somebody else's: what that account could have put there must lead it nowhere. So the
 * command is begun once more, by setpriv, with that account's effective ids: it opens, makes and removes files as
 * that user. Its real ids stay root's, and so do the programs that it starts (run.ts). No process changes its own
 * ids: a Node that may have been built with io_uring refuses to (CVE-2024-22017), and Debian 13's is one.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { BanspoolError, messageOf } from '../error.ts';
import { HANDED_OVER, type Given } from '../given.ts';
import { programEnv } from './run.ts';
import { sessionsAbove, SESSIONS_ABOVE } from '../sessions.ts';
import type { Identity } from '../user.ts';

/** Runs the command of this process once more, as one that acts as that user; returns its exit code. */
export async function runAnewAs(user: Identity, given: Given): Promise<number> {
  return (await startAnewAs(user, given, 'inherit')).exitCode;
}

/** The same with what it tells: its exit code, and its output. */
export async function askAnewAs(user: Identity, given: Given): Promise<Ended> {
  return startAnewAs(user, given, 'pipe');
}

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
}

/**
 * Who waits for this process knows of no other: what ends it, ends the other, and what ended the other, ends it. The
 * kernel would see to neither: the other has not root's effective ids, for which it forgets PR_SET_PDEATHSIG.
 */
const PASSED_ON = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

async function startAnewAs({ uid, gid }: Identity, given: Given, stdout: 'inherit' | 'pipe'): Promise<Ended> {
  const env = { ...process.env, PATH: programEnv()['PATH'] };
  const asUser = [
    ...['--euid', String(uid), '--egid', String(gid), '--groups', groupsOf({ uid, gid }, env).join(',')],
    ...['--', process.execPath, ...process.execArgv, ...process.argv.slice(1)],
  ];
  // Who acts as another is not told of root's processes, nor may it read what root may.
  const itsEnv = { ...env, [HANDED_OVER]: '1', [SESSIONS_ABOVE]: sessionsAbove().join('\n') };
  const child = spawn('setpriv', asUser, { stdio: ['pipe', stdout, 'inherit'], env: itsEnv });
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    const { output, code, signal } = await endOf(child, given);
    if (signal !== null && isPassedOn(signal)) endBy(signal);
    return { exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), stdout: output };
  } catch (error) {
    throw new BanspoolError('command-failed', `cannot act as the user ${uid}: ${messageOf(error)}`, {
      cause: error,
      hint: 'install setpriv (package util-linux), or run it as that user',
    });
  } finally {
    for (const signal of PASSED_ON) process.off(signal, passOn);
  }
}

interface End {
  readonly output: string;
  /** As a shell has it, null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

async function endOf(child: ChildProcess, given: Given): Promise<End> {
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  // It may end before it has read all of it.
  child.stdin?.on('error', () => undefined).end(given.handOver());
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ output, code, signal });
    });
  });
}

function isPassedOn(signal: NodeJS.Signals): signal is (typeof PASSED_ON)[number] {
  return (PASSED_ON as readonly string[]).includes(signal);
}

/** Ends this process as the other ended: a shell that runs a loop stops at SIGINT. */
function endBy(signal: NodeJS.Signals): void {
  // Others of this process's own would keep it.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Those of the account; a user without an account has its group alone. */
function groupsOf({ uid, gid }: Identity, env: NodeJS.ProcessEnv): readonly string[] {
  const ran = spawnSync('id', ['-G', String(uid)], { encoding: 'utf8', env });
  return ran.status === 0 ? ran.stdout.trim().split(' ') : [String(gid)];
}
