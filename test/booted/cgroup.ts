/** A cgroup for the machines: what is in there can be ended all at once, whatever became of its parents. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** Makes one in the hierarchy of cgroup2, wherever that is, and returns its path. */
export function makeCgroup(): string {
  const line = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .find((each) => each.includes(' - cgroup2 '));
  const cgroup = join(line?.split(' ')[4] ?? '/sys/fs/cgroup', `banspool-machines-${process.pid}`);
  mkdirSync(cgroup);
  return cgroup;
}

/**
 * Has a process of its own end all that is in it when this one ends, be it by SIGKILL, of which nobody hears: it
 * waits for the end of a pipe that this process alone holds. A group of its own keeps it from the terminal's signals.
 */
export function endWithThisProcess(cgroup: string): void {
  const script =
    'read -r _; [ ! -e "$1" ] || echo 1 >"$1/cgroup.kill"; sleep 2; find "$1" -depth -type d -exec rmdir {} +';
  const guard = spawn('sh', ['-c', script, 'sh', cgroup], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
}

/** Ends every process in it and below. */
export function killCgroup(cgroup: string): void {
  writeFileSync(join(cgroup, 'cgroup.kill'), '1');
}

/** Removes it with all below; throws while a process is left in there. */
export function removeCgroup(cgroup: string): void {
  const below = readdirSync(cgroup, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of below) removeCgroup(join(cgroup, name));
  rmdirSync(cgroup);
}
