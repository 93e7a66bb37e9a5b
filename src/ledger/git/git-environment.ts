/**
 * What git is told of by its environment, which beats all of its files: nobody's configuration but this. The user's own
 * could sign, hook or rewrite, and the repository's own could run any program: whoever owns the state would run it in
 * the name of whoever asks.
 */
import { dirname } from 'node:path';

/** A setting and its value, as `git -c` takes them. */
export type Setting = readonly [key: string, value: string];

/** Commands that show differences, which run what attributes name (gitattributes(5), `diff`). */
const SHOWING: ReadonlySet<string> = new Set(['log', 'diff', 'diff-tree', 'show']);

/** The words of a git command such that it runs none of that. */
export function withoutPrograms(args: readonly string[]): readonly string[] {
  const at = args.findIndex((word) => !word.startsWith('-'));
  const command = args[at];
  if (command === undefined || !SHOWING.has(command)) return args;
  const options = ['--no-ext-diff', '--no-textconv', '--submodule=short'];
  return [...args.slice(0, at + 1), ...options, ...args.slice(at + 1)];
}

/**
 * Loose objects are synced, since a branch that points to an object that a power cut took away is a broken repository.
 * The index is not: that takes two syncs more for each commit, and a broken one is made anew.
 */
const SETTINGS: readonly Setting[] = [
  ['core.fsync', 'committed,loose-object'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['core.quotePath', 'false'],
  // A person's sparse checkout leaves files out of the folder, and git would add none of ours there.
  ['core.sparseCheckout', 'false'],
  ['index.sparse', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  // Its defaults stand in a home that is perhaps not ours.
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['commit.gpgSign', 'false'],
  ['log.showSignature', 'false'],
  // git looks after a repository below this one by that one's own configuration.
  ['diff.ignoreSubmodules', 'all'],
  ['diff.submodule', 'short'],
  ['status.submoduleSummary', 'false'],
];

/** Drivers have names of their own, so these are overruled as they are found; `hook` is of git 2.54 and later. */
const PROGRAMS = /^(?:filter\..*\.(?:clean|smudge|process)|hook\..*\.command)$/;

/** What overrules the programs that keys of the configuration in force name, whatever they are. */
export function overridesOf(keys: readonly string[]): readonly Setting[] {
  return keys.flatMap((key): readonly Setting[] => {
    if (!PROGRAMS.test(key)) return [];
    const driver = key.slice(0, key.lastIndexOf('.'));
    return key.startsWith('hook.')
      ? [[`${driver}.enabled`, 'false']]
      : [
          [key, ''],
          [`${driver}.required`, 'false'],
        ];
  });
}

/** True where git would run a program that nothing overrules when it collects garbage (git-gc(1)). */
export function hooksGc(keys: readonly string[]): boolean {
  return keys.includes('gc.recentobjectshook');
}

interface EnvironmentOptions {
  readonly committer: { readonly name: string; readonly email: string };
  /** The folder may be another user's. */
  readonly isTrusted: boolean;
  readonly overrides: readonly Setting[];
}

/** The environment of each git on that folder. */
export function environment(
  folder: string,
  { committer: { name, email }, isTrusted, overrides }: EnvironmentOptions,
): Record<string, string> {
  const trust: readonly Setting[] = isTrusted ? [['safe.directory', folder]] : [];
  const settings = [...SETTINGS, ...trust, ...overrides];
  const env: Record<string, string> = {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'false',
    // An object that is missing is not fetched: a remote is a program too.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    // A folder whose HEAD is lost is no repository to git, which would go on to one that the folder happens to lie in.
    GIT_CEILING_DIRECTORIES: dirname(folder),
    GIT_CONFIG_COUNT: String(settings.length),
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
  for (const [index, [key, value]] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return env;
}
