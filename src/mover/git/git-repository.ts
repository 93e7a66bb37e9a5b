/**
 * The mover's own bare repository, with the hub as its remote. It only holds copies, and may be deleted at any time.
 * git reads no configuration of the system or a user, never prompts, and fetches only on request.
 */
import { dirname, join } from 'node:path';
import type { FleetConfig } from '../../config/config.ts';
import { MAX_PUBLISHED_BYTES } from '../../fleet/peer-file.ts';
import { BanspoolError } from '../../system/error.ts';
import type { World } from '../../world/world.ts';
import { failureIn, filesIn, hasFolder, type TreeFile } from './git-objects.ts';
import { gitSshCommand } from './ssh-line.ts';

type Needs = Pick<World, 'files' | 'run'>;

/** The longest local command, and the longest with the hub: 4 MB over a slow line. ssh detects a lost line earlier. */
const TIMEOUT_MS = 30_000;
const HUB_TIMEOUT_MS = 120_000;

/**
 * The limits of each git and ssh. 100,000 claims need less than half of each. If a hub or peer that was taken over
 * sends more, that git fails, and the mover goes on.
 */
const LIMITS = { memory: 192 * 1024 * 1024, fileSize: 64 * 1024 * 1024, seconds: 120 };

/** A peer may push objects with which each new repository fails, and each new one fetches everything again. */
const RENEW_EVERY_MS = 3600 * 1000;

const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'ssh:file',
  // Each thread would reserve 64 MB of git's address space.
  MALLOC_ARENA_MAX: '1',
};

/** Files that the controller would refuse are not fetched: git leaves out blobs of at least this many bytes. */
const FILTER = settingWords({
  'remote.hub.promisor': 'true',
  'remote.hub.partialclonefilter': `blob:limit=${MAX_PUBLISHED_BYTES + 1}`,
});

export class GitRepository {
  readonly #world: Needs;
  readonly #fleet: FleetConfig;
  readonly #folder: string;
  readonly #settings: readonly string[];
  readonly #remote: string;
  #isMade = false;
  /** When it was deleted last, by the monotonic clock in milliseconds. */
  #renewed = -Infinity;

  constructor(world: Needs, fleet: FleetConfig, remote: string) {
    this.#world = world;
    this.#fleet = fleet;
    this.#folder = join(fleet.folder, 'mover/git');
    this.#remote = remote;
    const settings = {
      'remote.hub.url': remote,
      'transfer.fsckObjects': 'true',
      'core.hooksPath': '/dev/null',
      'gc.auto': '0',
      'maintenance.auto': 'false',
      'pack.threads': '1',
    };
    this.#settings = settingWords(settings);
  }

  /**
   * Creates it if it is missing; a new process also completes one that was half created. True if it may be another
   * repository than before.
   */
  async open(): Promise<boolean> {
    const { files } = this.#world;
    if (this.#isMade && files.stamp(join(this.#folder, 'HEAD')) !== undefined) return false;
    await files.makeFolder(this.#folder);
    await this.git(['init', '--quiet', '--bare', '--template=', '--object-format=sha1']);
    this.#isMade = true;
    return true;
  }

  /**
   * Deletes it, because it may be broken: a killed git leaves locks, and a power cut leaves empty files. False if it
   * was deleted less than RENEW_EVERY_MS ago.
   */
  async renew(): Promise<boolean> {
    if (performance.now() - this.#renewed < RENEW_EVERY_MS) return false;
    this.#renewed = performance.now();
    await this.#world.files.removeFolder(this.#folder);
    this.#isMade = false;
    return true;
  }

  /** Removes the temporary packs of failed fetches: each may be as large as LIMITS allow. */
  async sweep(): Promise<void> {
    const { files } = this.#world;
    const packs = join(this.#folder, 'objects/pack');
    for (const name of await files.names(packs))
      if (name.startsWith('tmp_')) await files.remove(join(packs, name));
  }

  /** The output of git; throws if git fails. */
  async git(words: readonly string[], input?: string): Promise<string> {
    return this.#git([...this.#inside, ...FILTER], words, input);
  }

  /** The branches of the hub, as `git ls-remote` lists them. It does not need the local repository. */
  async list(): Promise<string> {
    return this.#git(this.#settings, ['ls-remote', '--quiet', this.#remote, 'refs/heads/fw/*']);
  }

  /**
   * The output of `git cat-file --batch`. It runs without FILTER: git reports a missing object, but fails on an object
   * that a promisor remote has.
   */
  async cat(ids: readonly string[]): Promise<string> {
    return this.#git(this.#inside, ['cat-file', '--batch'], `${ids.join('\n')}\n`);
  }

  async isHubReached(): Promise<boolean> {
    return this.list().then(
      () => true,
      () => false,
    );
  }

  get #inside(): readonly string[] {
    return ['--git-dir', this.#folder, ...this.#settings];
  }

  async #git(options: readonly string[], words: readonly string[], input?: string): Promise<string> {
    const ran = await this.#world.run('git', [...options, ...words], {
      ...(input !== undefined && { input }),
      limits: LIMITS,
      timeoutMs: words[0] === 'fetch' || words[0] === 'push' ? HUB_TIMEOUT_MS : TIMEOUT_MS,
      env: {
        ...ENVIRONMENT,
        // The hub may send a delta against a blob that was too large before: git has to fetch that too, or fails.
        GIT_NO_LAZY_FETCH: words[0] === 'fetch' ? '0' : '1',
        GIT_SSH_COMMAND: gitSshCommand(this.#fleet),
        GIT_CEILING_DIRECTORIES: dirname(this.#folder),
      },
    });
    if (ran.exitCode === 0) return ran.stdout;
    throw new BanspoolError(
      'command-failed',
      `git ${words[0] ?? ''}: ${failureIn(ran.stderr, ran.exitCode)}`,
    );
  }

  /** The commit of a branch; undefined without a branch. */
  async commitOf(ref: string): Promise<string | undefined> {
    const listed = (await this.git(['for-each-ref', '--format=%(objectname)', ref])).trim();
    return listed === '' ? undefined : listed;
  }

  /** The plain files of a published tree. It never lists recursively: a tree can be made without an end. */
  async filesOf(commit: string): Promise<readonly TreeFile[]> {
    const top = await this.git(['ls-tree', '-z', commit]);
    const files = [...filesIn(top)];
    for (const family of ['ipv4', 'ipv6']) {
      if (!hasFolder(top, family)) continue;
      files.push(...filesIn(await this.git(['ls-tree', '-z', `${commit}:${family}`]), `${family}/`));
    }
    return files;
  }
}

function settingWords(settings: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}
