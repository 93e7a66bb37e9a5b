/**
 * Which banspool this is, in one line for people and bug reports. The commit comes in with the bundle, from
 * .ci/built-from: modules that nobody bundled know of none. The version is the second word.
 */
import { packageVersion } from '../system/package-version.ts';

/** esbuild puts a text here, such as `commit 5251f06a, built from 2026-11-28`. */
declare const BANSPOOL_BUILT_FROM: string | undefined;

/** Such as `banspool 0.1.0 (commit 5251f06a, built from 2026-11-28, Node 20.19.2)`. */
export function versionLine(): string {
  const builtFrom = typeof BANSPOOL_BUILT_FROM === 'undefined' ? 'unknown commit' : BANSPOOL_BUILT_FROM;
  return `banspool ${packageVersion()} (${builtFrom}, Node ${process.versions.node})`;
}
