/** A cgroup for the machines: what is in there can be ended all at once, whatever became of its parents. */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
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
