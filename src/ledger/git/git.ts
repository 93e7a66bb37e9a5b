/** The state's git repository: made when it is missing, and one commit for each batch of changes. */
import { join } from 'node:path';
import { BanspoolError } from '../../system/error.ts';
import type { MayBeHeld } from '../../system/files/file-holders.ts';
import type { Files } from '../../system/files/files.ts';
import type { Ran, Run, RunOptions } from '../../system/processes/run.ts';
import { clearCutInit, ignoreLeavings, makeRepository } from './git-begin.ts';
import { withoutPrograms } from './git-environment.ts';
import { gitFolderOf } from './git-folder.ts';
import { GitHead, OUR_FILES } from './git-head.ts';
import { HiddenFiles, indexEntries, namesIn, type Git } from './git-hidden.ts';
import { isWholeIndex } from './git-index.ts';
import { readMoved } from '../store/moved-files.ts';
import { pathsToRestore } from './restore-words.ts';
import { clearStaleLocks } from './stale-locks.ts';
import { TameGit } from './tame-git.ts';

/** What is claimed, and who banned whom, is nobody else's business. */
export const STATE_MODE = 0o750;

/**
 * A slice of packing is due when this many loose objects lie in one of their 256 folders, which git fills evenly:
 * some 1,500 in all, as 400 commits make. Counted on disk, as `git gc --auto` does, since a process of ours may live
 * for no more than one commit.
 */
const LOOSE_PER_FOLDER = 6;
const LOOSE_SAMPLE = 'objects/17';

/**
 * Loose objects become a pack, and packs become one where a newer is not much smaller than the older: each object is
 * packed a few times in its life, however long that history grows. What a commit that failed left goes along.
 */
const PACK_ARGS = [
  '-c',
  'pack.threads=1',
  'repack',
  '--geometric=2',
  '-d',
  '-l',
  '-q',
  '--no-write-bitmap-index',
];

/** What a packing that was killed leaves, after which nobody works on it any more. */
const PACK_LEAVING = /^(?:tmp_|\.tmp-)/;
const PACK_LEAVING_MS = 3_600_000;

export class StateRepository {
  readonly folder: string;
  readonly head: GitHead;
  /** Files of ours that git was told not to look at, or to ignore. */
  readonly hidden: HiddenFiles;
  readonly #run: Run;
  readonly #files: Files;
  readonly #tame: TameGit;

  constructor(folder: string, run: Run, files: Files) {
    this.folder = folder;
    this.#run = run;
    this.#files = files;
    this.#tame = new TameGit(folder, run, files);
    const ask = async (args: readonly string[]): Promise<Ran> => run('git', args, await this.#tame.options());
    this.head = new GitHead(folder, files, ask);
    this.hidden = new HiddenFiles(this.#asGit, OUR_FILES, this.#isThere);
  }

  exists(): boolean {
    return this.#files.modified(join(this.folder, '.git')) !== undefined;
  }

  /** Makes the folder from `template`, keeping whatever stands in it already. */
  async prepare(template: string): Promise<void> {
    await this.#files.makeFolder(this.folder, STATE_MODE);
    await this.#files.copyMissing(template, this.folder);
  }

  /** Makes the repository and its first commit. Under its name it stands only when it is whole, and synced. */
  async begin(message: string): Promise<void> {
    await makeRepository(this.folder, this.#files, (args) => this.#git(args));
    await this.ignoreLeavings();
    await this.commit(message);
  }

  /** Takes away what a `git init` that was cut in the middle left: nothing of any history is in it. */
  async clearCutInit(): Promise<void> {
    if (this.exists()) await clearCutInit(this.folder, this.#files);
  }

  /** Keeps out of commits what lies beside the state for a while; lines that a person wrote there stay. */
  async ignoreLeavings(): Promise<void> {
    await ignoreLeavings(this.folder, this.#files);
  }

  /** True when something stands uncommitted. */
  async isDirty(): Promise<boolean> {
    return (await this.#git(['status', '--porcelain'])) !== '';
  }

  /**
   * Files of ours that git has and the folder lacks: lost, since whoever means to remove one commits that, and we note
   * what we move. Throws when git cannot tell.
   */
  async missingFiles(): Promise<readonly string[]> {
    const missing = await this.#goneFiles();
    if (missing.length === 0) return missing;
    const moved = await readMoved(this.folder, this.#files);
    return missing.filter((path) => !moved.has(path));
  }

  async #goneFiles(): Promise<readonly string[]> {
    // Not --deleted, which passes over files that git was told to skip.
    const known = (await this.hasWholeIndex())
      ? (await indexEntries(this.#asGit, OUR_FILES)).map(({ path }) => path)
      : await this.#filesOfHead();
    return [...new Set(known)].filter((path) => !this.#isThere(path));
  }

  async #filesOfHead(): Promise<readonly string[]> {
    return namesIn(await this.#git(['ls-tree', '-r', '-z', '--name-only', 'HEAD', '--', ...OUR_FILES]));
  }

  /** False when a power cut, or a disk, left git's index half written; true also where there is none yet. */
  async hasWholeIndex(): Promise<boolean> {
    const bytes = await this.#files.readBytes(await this.#path('index'));
    return bytes === undefined || isWholeIndex(bytes);
  }

  /**
   * Makes a broken index anew from the last commit, whose cache it is; the folder stays as it is. Does nothing while
   * another git holds it: read-tree takes git's lock before it writes, and puts the new one in the old one's place.
   */
  async mendIndex(): Promise<void> {
    if (await this.hasWholeIndex()) return;
    this.hidden.forget();
    await this.#git(['read-tree', 'HEAD']);
  }

  /** Words of git's that take missing or damaged files back, whatever it was told of them. */
  async takeBack(paths: readonly string[]): Promise<string> {
    const entries = await indexEntries(this.#asGit, paths).catch(() => []);
    const isSkipped = entries.some((entry) => entry.isSkipped);
    const several = paths.length > 1 ? pathsToRestore(paths, await this.#filesOfHead().catch(() => [])) : [];
    const words = several.length > 0 ? several : paths;
    return `checkout ${isSkipped ? '--ignore-skip-worktree-bits ' : ''}HEAD -- ${words.join(' ')}`;
  }

  /**
   * Commits all that changed but for the files named in `except`; does nothing when nothing did. Of ours only what
   * was moved is committed as gone: another that is missing by now was there when it was read.
   */
  async commit(message: string, except: readonly string[] = []): Promise<void> {
    this.hidden.forget();
    const gone = [...(await readMoved(this.folder, this.#files)), ...(await this.#goneOfOthers(except))];
    const paths = gone.map((path) => `${path}\0`).join('');
    if (paths !== '') await this.#git(['update-index', '-z', '--force-remove', '--stdin'], { input: paths });
    const others = except.map((path) => `:(exclude)${path}`);
    await this.#git(['add', '--ignore-removal', '--', '.', ...others]);
    const staged = await this.#run(
      'git',
      withoutPrograms(['diff', '--cached', '--quiet']),
      await this.#tame.options(),
    );
    if (staged.exitCode === 0) return;
    await this.#git(['commit', '--quiet', '--no-verify', '--file=-'], { input: message });
  }

  /** What a person keeps beside the state may go without a word. */
  async #goneOfOthers(except: readonly string[]): Promise<readonly string[]> {
    const deleted = namesIn(await this.#git(['ls-files', '-z', '--deleted']));
    const isOurs = (path: string): boolean => OUR_FILES.some((ours) => `${path}/`.startsWith(`${ours}/`));
    return deleted.filter((path) => !isOurs(path) && !except.includes(path));
  }

  /** Commits a message alone: what happened without a change of the state. */
  async note(message: string): Promise<void> {
    await this.#git(['commit', '--quiet', '--no-verify', '--allow-empty', '--file=-'], { input: message });
  }

  /** True when there is a slice to pack. */
  async isLoose(): Promise<boolean> {
    return (await this.#files.names(await this.#path(LOOSE_SAMPLE))).length >= LOOSE_PER_FOLDER;
  }

  /** How git is asked to pack; commits may go on meanwhile. */
  async packing(): Promise<{ readonly args: readonly string[]; readonly options: RunOptions }> {
    if (await this.#tame.hooksGc())
      throw new BanspoolError(
        'command-failed',
        'gc.recentObjectsHook in .git/config may run a program; remove it',
      );
    return { args: PACK_ARGS, options: await this.#tame.options() };
  }

  /** Removes the halves of packs that a killed git left. */
  async clearPackLeavings(now: number): Promise<void> {
    const folder = await this.#path('objects/pack');
    for (const name of await this.#files.names(folder)) {
      const path = join(folder, name);
      const modified = PACK_LEAVING.test(name) ? this.#files.modified(path) : undefined;
      if (modified !== undefined && now - modified > PACK_LEAVING_MS) await this.#files.remove(path);
    }
  }

  /**
   * Removes the locks that a killed git left, at once where no one who lives may hold them; false when there are
   * none.
   */
  async clearStaleLocks(mayBeHeld: MayBeHeld): Promise<boolean> {
    return clearStaleLocks(this.folder, this.#files, mayBeHeld);
  }

  /** Runs a git command that only reads, and gives its output. */
  async read(args: readonly string[], input?: string): Promise<string> {
    return this.#git(['--no-optional-locks', ...args], input === undefined ? {} : { input });
  }

  /** The same for work that nobody waits for: at the lowest priority. */
  async readIdly(args: readonly string[], input?: string): Promise<string> {
    return this.#git(['--no-optional-locks', ...args], { idle: true, ...(input !== undefined && { input }) });
  }

  async #path(name: string): Promise<string> {
    return join(await gitFolderOf(this.folder, this.#files), name);
  }

  readonly #asGit: Git = (args, input) => this.#git(args, input === undefined ? {} : { input });
  readonly #isThere = (path: string): boolean => this.#files.stamp(join(this.folder, path)) !== undefined;

  async #git(
    args: readonly string[],
    { idle = false, ...options }: Pick<RunOptions, 'input'> & { readonly idle?: boolean } = {},
  ): Promise<string> {
    const words = withoutPrograms(args);
    const [program, ...rest] = idle
      ? (['nice', '-n', '19', 'git', ...words] as const)
      : (['git', ...words] as const);
    const ran = await this.#run(program, rest, { ...(await this.#tame.options()), ...options });
    if (ran.exitCode !== 0) {
      const reason = ran.stderr.trim().split('\n')[0] ?? '';
      throw new BanspoolError('command-failed', `git ${args[0] ?? ''} in ${this.folder}: ${reason}`);
    }
    return ran.stdout;
  }
}
