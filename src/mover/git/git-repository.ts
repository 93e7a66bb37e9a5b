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

/** What git may take for anything of the hub. */
const TIMEOUT_MS = 30_000;

const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'ssh:file',
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
  #isMade = false;

  constructor(world: Needs, fleet: FleetConfig, remote: string) {
    this.#world = world;
    this.#fleet = fleet;
    this.#folder = join(fleet.folder, 'mover/git');
    const settings = {
      'remote.hub.url': remote,
      'transfer.fsckObjects': 'true',
      'core.hooksPath': '/dev/null',
      'gc.auto': '0',
      'maintenance.auto': 'false',
    };
    this.#settings = settingWords(settings);
  }

  /** Makes it, where there is none; a new process also makes whole what was cut while it was made. */
  async open(): Promise<void> {
    const { files } = this.#world;
    if (this.#isMade && files.stamp(join(this.#folder, 'HEAD')) !== undefined) return;
    await files.makeFolder(this.#folder);
    await this.git(['init', '--quiet', '--bare', '--template=', '--object-format=sha1']);
    this.#isMade = true;
  }

  /** What git answers; throws where it fails. */
  async git(words: readonly string[], input?: string): Promise<string> {
    return this.#git(FILTER, words, input);
  }

  /**
   * What `git cat-file --batch` answers. Of an object that was not fetched it says that it is missing only where no
   * hub promises it; of one that is promised it dies.
   */
  async cat(ids: readonly string[]): Promise<string> {
    return this.#git([], ['cat-file', '--batch'], `${ids.join('\n')}\n`);
  }

  async #git(more: readonly string[], words: readonly string[], input?: string): Promise<string> {
    const settings = [...this.#settings, ...more];
    const ran = await this.#world.run('git', ['--git-dir', this.#folder, ...settings, ...words], {
      ...(input !== undefined && { input }),
      timeoutMs: TIMEOUT_MS,
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
