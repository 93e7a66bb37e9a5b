/** Branches as git's files have them, read without git: it says nothing of a repository whose HEAD is lost. */
import { join } from 'node:path';
import type { Files } from '../../system/files/files.ts';

/** Commits of a branch that are tried, newest first, where the newest ones are lost. */
const MAX_HISTORY = 20;

const HEADS = 'refs/heads';
const COMMIT = /^[0-9a-f]{40,64}$/;

export class BranchFiles {
  /** The repository's own, such as `.git`. */
  readonly folder: string;
  readonly #files: Files;

  constructor(folder: string, files: Files) {
    this.folder = folder;
    this.#files = files;
  }

  /** Full names, such as `refs/heads/main`; of branches in folders only those that are packed. */
  async names(): Promise<readonly string[]> {
    const loose = await this.#files.names(join(this.folder, HEADS)).catch(() => []);
    const packed = Array.from(await this.#packed()).map(([name]) => name);
    const names = [
      ...loose.filter((name) => !name.endsWith('.lock')).map((name) => `${HEADS}/${name}`),
      ...packed,
    ];
    return [...new Set(names)].filter(isPlainBranch).sort();
  }

  /** Its newest commit; undefined where there is none, or the file of it is broken. */
  async commitOf(branch: string): Promise<string | undefined> {
    const loose = await this.#read(branch);
    if (loose === undefined) return (await this.#packed()).get(branch);
    return COMMIT.test(loose.trim()) ? loose.trim() : undefined;
  }

  /** Commits that it was at, as its reflog tells; newest first. */
  async history(branch: string): Promise<readonly string[]> {
    const log = (await this.#read(`logs/${branch}`)) ?? (await this.#read('logs/HEAD')) ?? '';
    const logged = log
      .split('\n')
      .flatMap((line) => /^[0-9a-f]{40,64} ([0-9a-f]{40,64}) /.exec(line)?.[1] ?? []);
    return logged.reverse().slice(0, MAX_HISTORY);
  }

  /** The one that git goes by where the file of the branch is gone: an old one as a rule. */
  async packedCommitOf(branch: string): Promise<string | undefined> {
    return (await this.#packed()).get(branch);
  }

  pathOf(branch: string): string {
    return join(this.folder, branch);
  }

  async #packed(): Promise<ReadonlyMap<string, string>> {
    const lines = ((await this.#read('packed-refs')) ?? '').split('\n').map((line) => line.split(' '));
    return new Map(
      lines.flatMap(([commit = '', name]) =>
        name !== undefined && COMMIT.test(commit) ? [[name, commit]] : [],
      ),
    );
  }

  async #read(name: string): Promise<string | undefined> {
    return this.#files.read(join(this.folder, name)).catch(() => undefined);
  }
}

/** True for a name that means nothing to a shell: who owns the repository must not put words into root's. */
export function isPlainBranch(name: string): boolean {
  return /^refs\/heads\/\w[\w./-]*$/.test(name);
}
