/**
 * What keeps git from seeing files of the state, in silence: bits in its index, which a person or a sparse checkout
 * set, and .gitignore. A file that is hidden is neither committed when it changes nor missed when it is gone.
 */

/** Runs git with these words and this input, and gives its output. */
export type Git = (args: readonly string[], input?: string) => Promise<string>;

/** Paths that git knows, with whether it was told to look away from them. */
interface IndexEntry {
  readonly path: string;
  /** skip-worktree: git says nothing of a file that is gone. */
  readonly isSkipped: boolean;
  /** Either of the bits: git says nothing of a file that changed. */
  readonly isHidden: boolean;
}

/** All that git has in its index, below `paths`. */
export async function indexEntries(git: Git, paths: readonly string[]): Promise<readonly IndexEntry[]> {
  const output = await git(['ls-files', '-z', '-v', '--cached', '--', ...paths]);
  return namesIn(output).map((line) => {
    const [tag, path] = [line.slice(0, 1), line.slice(2)];
    const isSkipped = tag.toUpperCase() === 'S';
    return { path, isSkipped, isHidden: isSkipped || tag !== tag.toUpperCase() };
  });
}

interface Found {
  /** Of those that git has, those that it was told to look away from. */
  readonly hidden: readonly string[];
  readonly ignored: readonly string[];
}

/** The files below `paths` that git does not see. */
export class HiddenFiles {
  readonly #git: Git;
  readonly #paths: readonly string[];
  readonly #isThere: (path: string) => boolean;
  #ahead: Found | undefined;

  constructor(git: Git, paths: readonly string[], isThere: (path: string) => boolean) {
    this.#git = git;
    this.#paths = paths;
    this.#isThere = isThere;
  }

  /** Looks for them ahead of {@link reveal}, which meets again what keeps git from telling. */
  async look(): Promise<void> {
    this.#ahead = await this.#find().catch(() => undefined);
  }

  /** To be called where something of what was looked for may have changed. */
  forget(): void {
    this.#ahead = undefined;
  }

  /** Has git see them; true when there were any. */
  async reveal(): Promise<boolean> {
    const { hidden, ignored } = this.#ahead ?? (await this.#find());
    this.forget();
    if (hidden.length > 0) {
      // It takes one of the two at a time.
      for (const bit of ['--no-skip-worktree', '--no-assume-unchanged'])
        await this.#git(['update-index', '-z', bit, '--stdin'], listOf(hidden));
    }
    if (ignored.length > 0)
      await this.#git(['add', '--force', '--pathspec-from-file=-', '--pathspec-file-nul'], listOf(ignored));
    return hidden.length + ignored.length > 0;
  }

  async #find(): Promise<Found> {
    const entries = await indexEntries(this.#git, this.#paths);
    const isSought = ({ path, isHidden }: IndexEntry): boolean => isHidden && this.#isThere(path);
    const options = ['-z', '--others', '--ignored', '--exclude-standard'];
    const ignored = namesIn(await this.#git(['ls-files', ...options, '--', ...this.#paths]));
    return { hidden: entries.filter(isSought).map(({ path }) => path), ignored: ignored.filter(isOurs) };
  }
}

/** Not what a write or an editor leaves beside it. */
function isOurs(path: string): boolean {
  return /(?:^|\/)[^./][^/]*\.yaml$/.test(path);
}

function listOf(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join('');
}

/** What `-z` prints. */
export function namesIn(output: string): readonly string[] {
  return output.split('\0').filter((name) => name !== '');
}
