/** Processes that were started by what a test started, found by a setting in their environment. */
import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of all whose environment holds this `NAME=value`. */
export function processesWith(setting: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && environmentOf(pid).includes(setting));
}

/** Empty for one that has ended, or is somebody else's. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
