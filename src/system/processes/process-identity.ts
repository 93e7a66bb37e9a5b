/** Which process somebody is or was: of those that are gone, others may have the pid by now. */
import * as fs from 'node:fs';
import { errnoOf } from '../error.ts';

/** A pid alone may have gone to another since, and means nothing outside of its namespace. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since boot. */
  readonly started: string;
  readonly boot: string;
  /** Of pids. */
  readonly namespace: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  own ??= {
    ...{ pid: process.pid, started: readProcess(process.pid)?.started ?? '' },
    ...{ boot: BOOT, namespace: NAMESPACE },
  };
  return own;
}

/** It does not change, and each ban waits for the lock that has it in its name. */
let own: ProcessIdentity | undefined;

/** True when that process is known to have ended; false also where nobody here can tell. */
export function hasEnded(identity: ProcessIdentity): boolean {
  const { pid, started, boot, namespace } = identity;
  if (boot !== BOOT) return !runsAtTheSameTick(identity);
  if (namespace !== NAMESPACE) return false;
  const found = readProcess(pid);
  return found === undefined ? isGone(pid) : found.hasEnded || found.started !== started;
}

/**
 * One boot may have two ids: systemd-nspawn gives a machine an id of its own, and systemd 252 gives a unit with
 * ProtectProc a /proc without it. Two processes of two boots hardly ever have pid and tick in common.
 */
function runsAtTheSameTick({ pid, started, namespace }: ProcessIdentity): boolean {
  if (namespace !== NAMESPACE || pid === process.pid) return false;
  const found = readProcess(pid);
  return found?.hasEnded === false && found.started === started;
}

const BOOT =
  orUndefined(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? 'unknown';
const NAMESPACE = orUndefined(() => fs.readlinkSync('/proc/self/ns/pid')) ?? 'unknown';

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

interface Process {
  readonly started: string;
  /** True when it has ended, and only its parent has not asked how. */
  readonly hasEnded: boolean;
}

/** By fields 3 and 22 of proc_pid_stat(5); undefined when no such process is to be seen. */
function readProcess(pid: number): Process | undefined {
  return orUndefined(() => {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { started: fields[19] ?? '', hasEnded: /^[ZX]/.test(fields[0] ?? '') };
  });
}

/** The unit has ProtectProc=invisible: of another user's process, such as root's, /proc shows nothing. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
}
