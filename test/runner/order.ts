/**
 * Puts the groups of test files that take longest first: a long one that begins last has the machine to itself, and
 * makes everybody wait. How long each file took stands from the last run in dist/; a clone that never ran goes by what
 * kind of file it is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { TestFile } from './find-test-files.ts';

/** Milliseconds by the name of a test file. */
export type Durations = ReadonlyMap<string, number>;

/**
 * Of what is on machines with real programs, of what kills, waits and restarts, and of what builds packages; ahead of a
 * folder, the longest files there. In milliseconds, roughly.
 */
const BY_BEGINNING: readonly (readonly [prefix: string, milliseconds: number])[] = [
  ['test/live/fail2ban-', 160_000],
  ['test/live/delivery.', 140_000],
  ['test/live/scp.', 90_000],
  ['test/docs/run.', 80_000],
  ['test/programs/release.', 70_000],
  ['test/live/', 60_000],
  ['test/promises/hanging-family.', 50_000],
  ['test/promises/root.', 50_000],
  ['test/rpm/install.', 45_000],
  ['test/tarball/install.', 45_000],
  ['test/promises/drift.', 40_000],
  ['test/promises/closed-spool.', 40_000],
  ['test/promises/confirm.', 40_000],
  ['test/fleets/failures.', 40_000],
  ['test/fleets/hub-failures.', 40_000],
  ['test/demo/demo.', 30_000],
  ['test/promises/neighbours.', 30_000],
  ['test/promises/packing.', 30_000],
  ['test/laws/fleet.', 20_000],
  ['test/daemon/run.', 20_000],
  ['test/promises/', 10_000],
];

const OTHERS_MS = 1_000;

/** The longest group first. */
export function orderByDuration(
  groups: readonly (readonly TestFile[])[],
  known: Durations,
): readonly (readonly TestFile[])[] {
  const expected = (group: readonly TestFile[]): number =>
    group.reduce((sum, { name }) => sum + (known.get(name) ?? guess(name)), 0);
  return groups.toSorted((a, b) => expected(b) - expected(a));
}

function guess(name: string): number {
  return BY_BEGINNING.find(([prefix]) => name.startsWith(prefix))?.[1] ?? OTHERS_MS;
}

/** What an earlier run saved there; nothing where it did not, or not to its end. */
export function loadDurations(path: string): Durations {
  try {
    const saved: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return new Map(Object.entries(saved ?? {}).filter((entry) => typeof entry[1] === 'number'));
  } catch {
    return new Map();
  }
}

/** Keeps those of files that were not run this time. Where it cannot be written, the next run guesses. */
export function saveDurations(
  path: string,
  known: Durations,
  runs: readonly { readonly name: string; readonly milliseconds: number }[],
): void {
  const all = new Map(known);
  for (const { name, milliseconds } of runs) all.set(name, milliseconds);
  try {
    writeFileSync(path, JSON.stringify(Object.fromEntries(all), undefined, 1));
  } catch {
    // A test runs the runner where the project can only be read.
  }
}
