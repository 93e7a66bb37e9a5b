/**
 * The mover's own bare repository, with the hub as its remote. It is a copy of what is elsewhere, and may be thrown
 * away at any time. git is told nobody's configuration, asks nobody, and fetches only when it is told to.
 */
import { dirname, join } from 'node:path';
import type { FleetConfig } from '../../config/config.ts';
import { MAX_PUBLISHED_BYTES } from '../../fleet/peer-file.ts';
import { BanspoolError } from '../../system/error.ts';
import type { World } from '../../world/world.ts';
import { failureIn, filesIn, hasFolder, type TreeFile } from './git-objects.ts';
import { gitSshCommand } from './ssh-line.ts';

type Needs = Pick<World, 'files' | 'run'>;

/** What git may take here, and with the hub: 4 MB on a slow line. ssh notices earlier that the line is lost. */
const TIMEOUT_MS = 30_000;
const HUB_TIMEOUT_MS = 120_000;

/**
 * Of each git and ssh. 100,000 claims take less than the half of each; more, of a hub or peer that was taken over, is
 * refused by a failure of that git, and not by the end of the mover.
 */
const LIMITS = { memory: 192 * 1024 * 1024, fileSize: 64 * 1024 * 1024, seconds: 120 };

/** What a peer pushes may have a repository fail again and again, and to begin anew moves all of it once more. */
const RENEW_EVERY_MS = 3600 * 1000;

const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'ssh:file',
  // Each thread would reserve 64 MB of the addresses that git may have.
  MALLOC_ARENA_MAX: '1',
};

/** Nothing larger than what the controller takes is fetched; git leaves out what has this many bytes, or more. */
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
  /** By the steady clock. */
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
   * Makes it, where there is none; a new process also makes whole what was cut while it was made. True where it may be
   * another one than before.
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
   * Throws it away, where it may be broken: a git that was killed leaves locks, and a power cut files without a byte.
   * False where that was done not long ago.
   */
  async renew(): Promise<boolean> {
    if (performance.now() - this.#renewed < RENEW_EVERY_MS) return false;
    this.#renewed = performance.now();
    await this.#world.files.removeFolder(this.#folder);
    this.#isMade = false;
    return true;
  }

  /** Removes what a fetch that failed leaves: each may be as large as a file can be. */
  async sweep(): Promise<void> {
    const { files } = this.#world;
    const packs = join(this.#folder, 'objects/pack');
    for (const name of await files.names(packs))
      if (name.startsWith('tmp_')) await files.remove(join(packs, name));
  }

  /** What git answers; throws where it fails. */
  async git(words: readonly string[], input?: string): Promise<string> {
    return this.#git([...this.#inside, ...FILTER], words, input);
  }

  /** The branches that the hub has, as `git ls-remote` lists them, whatever state the repository here is in. */
  async list(): Promise<string> {
    return this.#git(this.#settings, ['ls-remote', '--quiet', this.#remote, 'refs/heads/fw/*']);
  }

  /**
   * What `git cat-file --batch` answers. Of an object that was not fetched it says that it is missing only where no
   * hub promises it; of one that is promised it dies.
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
        // The hub may send a difference from what was too large before: git then asks for that too, or fails.
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

  /** The commit of a branch; undefined where there is none. */
  async commitOf(ref: string): Promise<string | undefined> {
    const listed = (await this.git(['for-each-ref', '--format=%(objectname)', ref])).trim();
    return listed === '' ? undefined : listed;
  }

  /** The plain files of a published tree. It is never listed with all below it: a tree can be made that has no end. */
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
