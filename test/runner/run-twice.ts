/** Which test files run a second time, with a policy that uses everything: what is promised holds with all of it on. */
import { basename } from 'node:path';
import { WITH_EVERYTHING } from '../support/everything.ts';
import type { TestFile } from './find-test-files.ts';

/** How the second run is called. */
const SECOND = ' with everything on';

const FOLDER = 'test/promises/';

/**
 * Of test/promises, files about what happens to a ban. The rest takes longer, and is about who may open which file and
 * about programs that fail: `npm test -- --everything` runs it.
 */
const TWICE: readonly string[] = [
  ...['adoption', 'clock', 'continuity', 'crash', 'damaged-policy', 'fail2ban-restart', 'flows', 'git'],
  ...['held-sets', 'hostile', 'lockout', 'people', 'set-back', 'sets', 'taken-back', 'vanishing-files'],
];

/**
 * Files that count commits, files or changes, of which a policy that uses everything has more, or that commit while a
 * pass commits what is new of a list.
 */
const COUNTING: readonly string[] = ['edits', 'faults', 'first-start', 'heal', 'hidden-files', 'lists'];

/** The second runs of those that have one. */
export function secondRuns(files: readonly TestFile[]): readonly TestFile[] {
  return everySecondRun(files.filter(({ name }) => TWICE.includes(subjectOf(name))));
}

/** The second runs of all that are about promises, whether or not they have one in a run of all tests. */
export function everySecondRun(files: readonly TestFile[]): readonly TestFile[] {
  return files
    .filter(({ name }) => name.startsWith(FOLDER) && !COUNTING.includes(subjectOf(name)))
    .map((file) => ({ ...file, name: `${file.name}${SECOND}`, env: WITH_EVERYTHING }));
}

function subjectOf(path: string): string {
  return basename(path, '.test.ts');
}
