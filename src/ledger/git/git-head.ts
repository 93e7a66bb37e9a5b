/** Where the state's history stands, and whether it is still the one that was enforced. */
import { join } from 'node:path';
import { BanspoolError } from '../../system/error.ts';
import type { Files } from '../../system/files/files.ts';
import type { Ran } from '../../system/processes/run.ts';
import { withoutPrograms } from './git-environment.ts';
import { gitFolderOf } from './git-folder.ts';

/** What a pass cannot do without. */
export const OUR_FILES = ['claims', 'peers', 'seen', 'servers', 'policy.yaml'];

type Ask = (args: readonly string[]) => Promise<Ran>;

export class GitHead {
  readonly #folder: string;
  readonly #files: Files;
  readonly #ask: Ask;
  /** The file of the branch on which a commit was seen, and the stamp of what named that branch. */
  #born: { readonly branch: string; readonly stamp: string | undefined } | undefined;

  constructor(folder: string, files: Files, ask: Ask) {
    this.#folder = folder;
    this.#files = files;
    this.#ask = ask;
  }

  /** The newest commit; after a commit of ours it nearly always stands in a file. */
  async commit(): Promise<string> {
    const ref = /^ref: (\S+)$/m.exec(await this.#text())?.[1];
    const loose = ref === undefined ? undefined : await this.#read(ref).catch(() => '');
    if (loose !== undefined && /^[0-9a-f]{40,64}\n$/.test(loose)) return loose.trim();
    return (await this.#tell(['rev-parse', '--verify', 'HEAD'])).trim();
  }

  /** True where its branch has no commit yet; false where that cannot be told. */
  async isUnborn(): Promise<boolean> {
    if (this.#isBornAsBefore()) return false;
    this.#born = undefined;
    const stamp = this.#stamp('HEAD');
    const ref = /^ref: (\S+)$/m.exec(await this.#text())?.[1];
    if (ref === undefined) return false;
    if ((await this.#read(ref).catch(() => '')) !== undefined) {
      this.#born = { branch: ref, stamp };
      return false;
    }
    return (await this.#ask(['rev-parse', '--verify', '--quiet', 'HEAD'])).exitCode === 1;
  }

  /** True where the repository has that commit, on a branch or on none. */
  async hasCommit(commit: string): Promise<boolean> {
    return (await this.#ask(['cat-file', '-e', `${commit}^{commit}`])).exitCode === 0;
  }

  /** True where that commit and all files of it are there; not what came before it. */
  async isWhole(commit: string): Promise<boolean> {
    return (await this.#ask(['rev-list', '--objects', '--no-walk', '--quiet', commit])).exitCode === 0;
  }

  /** True where a commit is another, or in its history. */
  async isIn(commit: string, later: string): Promise<boolean> {
    return (await this.#ask(['merge-base', '--is-ancestor', commit, later])).exitCode === 0;
  }

  /** True when that commit is in the history of what stands here, or at least all of ours is as it was then. */
  async hasGrownFrom(commit: string): Promise<boolean> {
    if (await this.isIn(commit, 'HEAD')) return true;
    // Whoever writes the history anew, to join commits or to word one otherwise, takes no claim away.
    const difference = withoutPrograms(['diff', '--quiet', commit, '--', ...OUR_FILES]);
    return (await this.#ask(difference)).exitCode === 0;
  }

  /** A branch that has that commit; undefined where none has. */
  async branchWith(commit: string): Promise<string | undefined> {
    return this.#firstBranch(['--contains', commit]);
  }

  /** A branch that HEAD has grown from, the newest; undefined where there is none. */
  async branchBefore(): Promise<string | undefined> {
    return this.#firstBranch(['--sort=-committerdate', '--merged', 'HEAD']);
  }

  /** A name that no branch has: the one that we make, or one beside it. */
  async freeBranch(): Promise<string> {
    const taken = await this.#branches([]);
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? 'main' : `main-${count}`;
      if (!taken.includes(name)) return name;
    }
  }

  /** True where HEAD is at a commit and not on a branch. */
  async isDetached(): Promise<boolean> {
    const text = await this.#text();
    // With reftable the file says nothing.
    if (!/^ref: refs\/heads\/\.invalid$/m.test(text)) return /^[0-9a-f]{40,64}$/m.test(text);
    return (await this.#ask(['symbolic-ref', '--quiet', 'HEAD'])).exitCode === 1;
  }

  /** Two system calls, and no turn of the event loop: a ban waits for the answer, several times. */
  #isBornAsBefore(): boolean {
    const born = this.#born;
    if (born?.stamp === undefined) return false;
    return this.#stamp('HEAD') === born.stamp && this.#stamp(born.branch) !== undefined;
  }

  /** Undefined also where the repository is not below the folder. */
  #stamp(name: string): string | undefined {
    try {
      return this.#files.stamp(join(this.#folder, '.git', name));
    } catch {
      return undefined;
    }
  }

  async #read(name: string): Promise<string | undefined> {
    return this.#files.read(join(await gitFolderOf(this.#folder, this.#files), name));
  }

  async #text(): Promise<string> {
    return (await this.#read('HEAD')) ?? '';
  }

  async #firstBranch(which: readonly string[]): Promise<string | undefined> {
    return (await this.#branches(which))[0];
  }

  async #branches(which: readonly string[]): Promise<readonly string[]> {
    const branches = await this.#tell(['for-each-ref', '--format=%(refname:short)', ...which, 'refs/heads']);
    return branches.split('\n').filter((name) => name !== '');
  }

  async #tell(args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#ask(args);
    if (exitCode === 0) return stdout;
    const reason = stderr.trim().split('\n')[0] ?? '';
    throw new BanspoolError('command-failed', `git ${args[0] ?? ''} in ${this.#folder}: ${reason}`);
  }
}
