/** Programs that the machines of the lab have and this one need not: unpacked packages, by .ci/fetch-lab. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const TREES = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'banspool', 'lab');

const DAEMONS = join(TREES, 'daemons');

/** Releases of fail2ban: those of Debian 11, 12 and 13. */
export type Fail2ban = '0.11' | '1.0' | '1.1';

const FAIL2BAN: Readonly<Record<Fail2ban, string>> = {
  '0.11': join(TREES, 'fail2ban-bullseye'),
  '1.0': join(TREES, 'fail2ban-bookworm'),
  '1.1': join(TREES, 'fail2ban-trixie'),
};

/** The releases that can be had here, oldest first. */
export function fail2banReleases(): readonly Fail2ban[] {
  return (['0.11', '1.0', '1.1'] as const).filter((release) => existsSync(FAIL2BAN[release]));
}

/** What was unpacked under that name. Throws when it is not there. */
export function treeOf(name: string): string {
  const tree = join(TREES, name);
  if (!existsSync(tree)) throw new Error(`${tree} is not there`);
  return tree;
}

/** Why the lab cannot be built here; undefined where it can. */
export function reasonForNoLab(): string | undefined {
  if (process.getuid?.() !== 0) return 'it makes accounts and mounts, which needs root';
  return existsSync(DAEMONS) && fail2banReleases().length > 0 ? undefined : `${TREES} has no daemons`;
}

/** Folders to lay over the root of a machine, the uppermost first. Throws when they are not there. */
export function layersWith(release?: Fail2ban): readonly string[] {
  const layers = release === undefined ? [DAEMONS] : [FAIL2BAN[release], DAEMONS];
  const missing = layers.find((layer) => !existsSync(layer));
  if (missing !== undefined) throw new Error(`${missing} is not there: run .ci/setup test, as root`);
  return layers;
}
