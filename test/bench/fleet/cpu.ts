/** What processes took of the processor, with all that they started. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The kernel tells it in hundredths of a second. */
const TICK_MS = 10;

/** Milliseconds of a process and of all below it, those that have ended too. */
export function cpuOf(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + cpuOf(child), timesIn(`/proc/${pid}/stat`));
}

function childrenOf(pid: number): readonly number[] {
  return readText(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** Of all processes that a /proc shows. */
export function cpuOfAll(proc: string): number {
  const pids = readdirSync(proc).filter((name) => /^\d+$/.test(name));
  return pids.reduce((sum, pid) => sum + timesIn(join(proc, pid, 'stat')), 0);
}

/** Its own, and that of children that were waited for. */
function timesIn(path: string): number {
  const fields = readText(path).split(') ')[1]?.split(' ') ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);
}

/** Nothing of a process that has ended. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Megabytes that a process has in memory. */
export function residentOf(pid: number, field: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readText(`/proc/${pid}/status`)) ?? [];
  return Number(kilobytes) / 1024;
}

/** The same of a process and of all below it. */
export function residentOfAll(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + residentOfAll(child), residentOf(pid));
}
