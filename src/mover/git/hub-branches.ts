/**
 * Fetches the branches of all firewalls. If one of them cannot be fetched, such as a branch beyond the limits of git
 * here, it fetches the others, and leaves that one out until it changes, or for a while: the cause may have been a
 * passing one. If no branch can be fetched, the local repository may be broken, such as by the lock of a killed git:
 * then it creates the repository again.
 */
import { BanspoolError, messageOf } from '../../system/error.ts';
import { MAX_FIREWALLS } from '../inbox.ts';
import { branchesIn } from './git-objects.ts';
import type { GitRepository } from './git-repository.ts';

interface Fetched {
  /** The commit of each firewall whose branch was fetched, including the own one. */
  readonly commits: ReadonlyMap<string, string>;
  /** Why the others were not fetched. */
  readonly failures: readonly string[];
}

interface BranchOptions {
  /** The name of this firewall. */
  readonly own: string;
  /** From a hub with more branches, nothing is fetched. */
  readonly most?: number;
  /** For how long a branch that failed is left out, in milliseconds; doubled with each failure in a row. */
  readonly leaveOutMs?: number;
}

interface Barred {
  /** The commit that could not be fetched. */
  readonly commit: string;
  readonly failure: string;
  /** Until then, by the monotonic clock in milliseconds. */
  readonly until: number;
}

/** To try a branch that is too large takes seconds, each time. */
const LEAVE_OUT_MS = 5_000;
const MAX_LEAVE_OUT_MS = 600_000;

export class HubBranches {
  readonly #repository: GitRepository;
  readonly #own: string;
  readonly #most: number;
  /** True if the hub had more: then its branches are listed before the next fetch. */
  #isCrowded = false;
  readonly #leaveOutMs: number;
  /** By firewall: the branches that are left out. */
  readonly #barred = new Map<string, Barred>();
  /** By firewall: for how long its branch was left out last, in milliseconds; until it is fetched or changes. */
  readonly #waits = new Map<string, number>();

  constructor(
    repository: GitRepository,
    { own, most = MAX_FIREWALLS, leaveOutMs = LEAVE_OUT_MS }: BranchOptions,
  ) {
    this.#repository = repository;
    this.#own = own;
    this.#most = most;
    this.#leaveOutMs = leaveOutMs;
  }

  /** Throws if the hub is not reached, or no branch can be fetched. */
  async fetch(): Promise<Fetched> {
    if (this.#barred.size > 0 || this.#isCrowded) this.#unbar(await this.#list());
    try {
      return await this.#fetchAll();
    } catch (error) {
      // If the hub is not reached, the local repository is not at fault.
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
    // The first fetch is shallow. The own branch must have its history: git does not push a shallow one.
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
    for (const name of this.#waits.keys()) if (!this.#barred.has(name)) this.#waits.delete(name);
    const own = there?.get(this.#own);
    if (own !== undefined) commits.set(this.#own, own);
    return { commits, failures };
  }

  /** Fetches each changed branch alone; bars those that fail, and returns the number of the others. */
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
        this.#barred.delete(name);
      } catch (error) {
        this.#bar(name, commit, messageOf(error));
        await this.#repository.sweep();
      }
    }
    return fetched;
  }

  #bar(name: string, commit: string, failure: string): void {
    const wait = Math.min((this.#waits.get(name) ?? this.#leaveOutMs / 2) * 2, MAX_LEAVE_OUT_MS);
    this.#barred.set(name, { commit, failure, until: performance.now() + wait });
    this.#waits.set(name, wait);
  }

  #unbar(listed: ReadonlyMap<string, string>): void {
    for (const [name, { commit, until }] of this.#barred) {
      if (listed.get(name) !== commit) this.#waits.delete(name);
      else if (performance.now() < until) continue;
      this.#barred.delete(name);
    }
  }

  /** The branches of the hub. */
  async #list(): Promise<ReadonlyMap<string, string>> {
    const listed = await this.#repository.list();
    const branches = branchesIn(listed.replaceAll('\trefs/heads/fw/', ' refs/peers/'));
    this.#requireFew(branches);
    return branches;
  }

  /** Throws if there are too many: each becomes a folder with many files here. */
  #requireFew({ size }: ReadonlyMap<string, string>): void {
    this.#isCrowded = size > this.#most;
    if (!this.#isCrowded) return;
    const why = `the hub has ${size} branches of firewalls, more than ${this.#most}: nothing is fetched`;
    throw new BanspoolError('refused', why);
  }

  async #known(): Promise<ReadonlyMap<string, string>> {
    return branchesIn(await this.#repository.git(KNOWN));
  }
}

/** The ref of a firewall's branch on the hub, and of the own branch here. */
export function refOf(name: string): string {
  return `refs/heads/fw/${name}/claims`;
}

const KNOWN = ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/peers'] as const;

const FETCH = ['fetch', '--quiet', '--no-tags', '--prune', '--no-write-fetch-head', '--no-auto-gc'] as const;
