/**
 * Says which test files share a process. To start Node and to load what most of them import takes longer than the tests
 * of most files. What they share as well is its namespaces: a sandbox empties the firewall before each test.
 */
import type { TestFile } from './find-test-files.ts';

/**
 * Folders of test/. Not those whose files are about processes (system), take a minute each (live, promises) or import
 * little.
 */
const SHARING = [
  ...['access', 'claims', 'cli', 'config', 'daemon', 'desired', 'doctor', 'domain', 'firewall', 'intent'],
  ...[
    'ledger',
    'lists',
    'notify',
    'pass',
    'policy',
    'replay',
    'report',
    'sources',
    'spool',
    'status',
    'yaml',
  ],
];

/** So many that the start is a small part, and so few that no group is a long end of the run of all tests. */
const MOST = 16;

/** Files of one room stand together, in their order. */
export function groupFiles(files: readonly TestFile[]): readonly (readonly TestFile[])[] {
  return [...new Set(files.map(roomOf))].flatMap((room) =>
    chunks(
      files.filter((file) => roomOf(file) === room),
      SHARING.includes(room) ? MOST : 1,
    ),
  );
}

function roomOf({ name }: TestFile): string {
  return name.split('/')[1] ?? '';
}

/** As even as can be. */
function chunks<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / most);
  const size = Math.ceil(all.length / count);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}
