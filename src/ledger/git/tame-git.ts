/**
 * How git is run on the state: as its owner, and without the programs that the repository's own configuration names.
 */
import { join } from 'node:path';
import { identityFor } from '../../system/user.ts';
import type { Files } from '../../system/files/files.ts';
import { committer, isRoot } from '../../system/host.ts';
import type { Run, RunOptions } from '../../system/processes/run.ts';
import { environment, hooksGc, overridesOf, type Setting } from './git-environment.ts';
import { gitFolderOf } from './git-folder.ts';

interface Found {
  /** Of the file that they stand in. */
  readonly stamp: string | undefined;
  readonly overrides: readonly Setting[];
  readonly hooksGc: boolean;
}

export class TameGit {
  readonly #folder: string;
  readonly #run: Run;
  readonly #files: Files;
  #found: Found | undefined;

  constructor(folder: string, run: Run, files: Files) {
    this.#folder = folder;
    this.#run = run;
    this.#files = files;
  }

  /** With which any git command is run there. */
  async options(): Promise<RunOptions> {
    return this.#optionsWith((await this.#find()).overrides);
  }

  /** True where `git gc` would run a program that nothing overrules. */
  async hooksGc(): Promise<boolean> {
    return (await this.#find()).hooksGc;
  }

  /** Whoever asks, git is the owner's: root would run in its own name what the owner has written there. */
  #optionsWith(overrides: readonly Setting[]): RunOptions {
    // As the owner, or as root on what is root's, git's own look at who owns the repository stays.
    const env = environment(this.#folder, { committer: committer(), isTrusted: !isRoot(), overrides });
    return { cwd: this.#folder, env, as: identityFor(this.#folder) };
  }

  /** Asked of git, since files may include others; where it cannot say, the command that follows tells why. */
  async #find(): Promise<Found> {
    const stamp = this.#files.stamp(join(await gitFolderOf(this.#folder, this.#files), 'config'));
    if (this.#found !== undefined && this.#found.stamp === stamp) return this.#found;
    const asked = ['config', '--includes', '--null', '--name-only', '--list'];
    const { stdout } = await this.#run('git', asked, this.#optionsWith([]));
    const keys = stdout.split('\0');
    const found = { stamp, overrides: overridesOf(keys), hooksGc: hooksGc(keys) };
    // What is included changes without it.
    if (!keys.some((key) => /^(include|includeif|extensions\.worktreeconfig)/.test(key))) this.#found = found;
    return found;
  }
}
