/**
 * Fetches the branches of all firewalls. One that cannot be fetched, as when its firewall was taken over and pushed
 * more than git is allowed here, keeps none of the others: it is left out until it changes. Where even that does not
 * help, what is wrong may be the repository here, which a git that was killed leaves locked: it is begun anew.
 */
import { BanspoolError, messageOf } from '../../system/error.ts';
import { MAX_FIREWALLS } from '../inbox.ts';
import { branchesIn } from './git-objects.ts';
import type { GitRepository } from './git-repository.ts';

interface Fetched {
  /** The commit of each firewall whose branch is here, the own one among them. */
  readonly commits: ReadonlyMap<string, string>;
  /** Why others are not. */
  readonly failures: readonly string[];
}

interface BranchOptions {
  /** The name of this firewall. */
  readonly own: string;
  /** Of a hub with more branches nothing is fetched. */
  readonly most?: number;
}

export class HubBranches {
  readonly #repository: GitRepository;
  readonly #own: string;
  readonly #most: number;
  /** True once it had more than that: then it is asked before anything is fetched. */
  #isCrowded = false;
  /** By firewall: its commit that could not be fetched, and why. */
  readonly #barred = new Map<string, { readonly commit: string; readonly failure: string }>();

  constructor(repository: GitRepository, { own, most = MAX_FIREWALLS }: BranchOptions) {
    this.#repository = repository;
    this.#own = own;
    this.#most = most;
  }

  /** Throws where the hub is not reached, or nothing of it can be fetched. */
  async fetch(): Promise<Fetched> {
    if (this.#barred.size > 0 || this.#isCrowded) this.#unbar(await this.#list());
    try {
      return await this.#fetchAll();
    } catch (error) {
      // The repository here is not at fault where the hub is not reached.
      const listed = await this.#list().catch(() => undefined);
      if (listed === undefined) throw error;
      const fetched = await this.#fetchEach(listed).catch(() => 0);
      if (fetched > 0 && this.#barred.size === 0) return await this.#fetchAll();
      if (await this.#repository.renew()) {
        this.#barred.clear();
        await this.#fetchEach(listed);
      } else if (fetched === 0 && this.#barred.size === 0) throw error;
      return await this.#fetchAll();
    }
  }

  async #fetchAll(): Promise<Fetched> {
    await this.#repository.open();
    const failures = Array.from(this.#barred, ([name, { failure }]) => `the branch of ${name}: ${failure}`);
    const known = await this.#known();
    const isFirst = known.size === 0;
    // At first without what was before. The own branch must stay whole: git pushes no history that was cut.
    const there = isFirst ? await this.#list() : undefined;
    const others = there && Array.from(there.keys()).filter((name) => name !== this.#own);
    if (others === undefined || others.some((name) => !this.#barred.has(name))) {
      const without = [...this.#barred.keys(), ...(isFirst ? [this.#own] : [])];
      const depth = isFirst ? ['--depth=1'] : [];
      await this.#repository.git([
        ...[...FETCH, ...depth, 'hub', '+refs/heads/fw/*:refs/peers/*'],
        ...without.map((name) => `^${refOf(name)}`),
      ]);
    }
    const commits = new Map(await this.#known());
    try {
      this.#requireFew(commits);
    } catch (error) {
      await this.#repository.renew();
      throw error;
    }
    const own = there?.get(this.#own);
    if (own !== undefined) commits.set(this.#own, own);
    return { commits, failures };
  }

  /** Each that changed, by itself; bars those that cannot be fetched, and returns how many could. */
  async #fetchEach(listed: ReadonlyMap<string, string>): Promise<number> {
    await this.#repository.open();
    await this.#repository.sweep();
    let fetched = 0;
    const known = await this.#known();
    for (const [name, commit] of listed) {
      if (name === this.#own || known.get(name) === commit) continue;
      const depth = known.has(name) ? [] : ['--depth=1'];
      const words = [...FETCH, ...depth, 'hub', `+${refOf(name)}:refs/peers/${name}/claims`];
      try {
        await this.#repository.git(words);
        fetched += 1;
      } catch (error) {
        this.#barred.set(name, { commit, failure: messageOf(error) });
        await this.#repository.sweep();
      }
    }
    return fetched;
  }

  #unbar(listed: ReadonlyMap<string, string>): void {
    for (const [name, { commit }] of this.#barred) if (listed.get(name) !== commit) this.#barred.delete(name);
  }

  /** What the hub has. */
  async #list(): Promise<ReadonlyMap<string, string>> {
    const listed = await this.#repository.list();
    const branches = branchesIn(listed.replaceAll('\trefs/heads/fw/', ' refs/peers/'));
    this.#requireFew(branches);
    return branches;
  }

  /** Each is a file here, and what it holds many. */
  #requireFew({ size }: ReadonlyMap<string, string>): void {
    this.#isCrowded = size > this.#most;
    if (!this.#isCrowded) return;
    const why = `the hub has ${size} branches of firewalls, and ${this.#most} are the most: nothing is fetched`;
    throw new BanspoolError('refused', why);
  }

  async #known(): Promise<ReadonlyMap<string, string>> {
    return branchesIn(await this.#repository.git(KNOWN));
  }
}

/** Of the firewall's branch at the hub, and of the own one here. */
export function refOf(name: string): string {
  return `refs/heads/fw/${name}/claims`;
}

const KNOWN = ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/peers'] as const;

const FETCH = ['fetch', '--quiet', '--no-tags', '--prune', '--no-write-fetch-head', '--no-auto-gc'] as const;
