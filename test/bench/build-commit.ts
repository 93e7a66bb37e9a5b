/** Builds a commit of this repository in a folder of its own, which is gone when this process ends. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Build } from './bench.ts';

/** What could not be done, and what the program that could not do it said. */
export class BuildError extends Error {}

const TIME_LIMIT_MS = 600_000;

/** Throws a {@link BuildError} where there is no such commit, or where it cannot be built. */
export function buildCommit(root: string, commit: string): Build {
  const hash = must(root, `there is no commit "${commit}" in this repository`, [
    ...['git', 'rev-parse', '--quiet', '--verify', '--end-of-options', `${commit}^{commit}`],
  ]).trim();
  const name = hash.slice(0, 8);
  const folder = mkdtempSync(join(tmpdir(), `banspool-${name}-`));
  // The accounts of a lab's firewall run programs from there.
  chmodSync(folder, 0o755);
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const failed = `commit ${name} cannot be built`;
  must(root, failed, ['sh', '-c', 'git archive "$1" | tar -x -C "$2"', 'sh', hash, folder]);
  takeModules(root, folder, failed);
  must(folder, failed, ['.ci/join-send']);
  must(folder, failed, [process.execPath, '.ci/build.js']);
  return { name, folder };
}

/** Those of this clone where that commit has the same: nothing writes into them. */
function takeModules(root: string, folder: string, failed: string): void {
  const [own, its] = [root, folder].map((each) => readFileSync(join(each, 'package-lock.json'), 'utf8'));
  if (own === its) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  else must(folder, failed, ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** The output of a program that must succeed. */
function must(cwd: string, failed: string, [file = '', ...args]: readonly string[]): string {
  const ran = spawnSync(file, args, { cwd, encoding: 'utf8', timeout: TIME_LIMIT_MS });
  if (ran.status === 0) return ran.stdout;
  const why = ran.error?.message ?? `${ran.stdout}${ran.stderr}`.trim().split('\n').slice(-5).join('\n');
  throw new BuildError(why === '' ? failed : `${failed}: ${why}`);
}
