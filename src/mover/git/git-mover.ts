/**
 * Moves publications between the fleet's folder and a git repository: `out` becomes the branch `fw/NAME/claims` of the
 * hub, and each other such branch becomes `in/NAME`. It does not check what it moves: the controller does. Its own
 * repository may be deleted at any time.
 */
import { createHash } from 'node:crypto';
import type { FleetConfig } from '../../config/config.ts';
import { decodePeerFile, MAX_PUBLISHED_BYTES, PEER_FILE } from '../../fleet/peer-file.ts';
import { BanspoolError } from '../../system/error.ts';
import type { World } from '../../world/world.ts';
import { Inbox, inOrder, isCarriedPath, MAX_FILES } from '../inbox.ts';
import type { Mover } from '../mover.ts';
import { readOut } from '../read-out.ts';
import { importText, textsIn, type TreeFile } from './git-objects.ts';
import { GitRepository } from './git-repository.ts';
import { HubBranches, refOf } from './hub-branches.ts';

/** After this many commits, the branch begins with a new root, and the hub can delete the old commits. */
const MAX_COMMITS = 1_000;

/** After this many fetches with changes, git deletes unreferenced objects. */
const FETCHES_BETWEEN_GC = 500;

/** The files of one `git cat-file`: its output is held in memory, and cut at 32 million characters. */
const READ_AT_ONCE = 20;

export class GitMover implements Mover {
  readonly #files: World['files'];
  readonly #fleet: FleetConfig;
  readonly #inbox: Inbox;
  readonly #repository: GitRepository;
  readonly #branches: HubBranches;
  readonly #ref: string;
  /** The blob ids of the own branch, by path; undefined until they are read. */
  #held: ReadonlyMap<string, string> | undefined;
  /** False while the local branch is ahead of the hub. */
  #isPushed = true;
  #commits = 0;
  #fetches = 0;
  /** By firewall: the commit that was written to `in` last, and its files by path. */
  readonly #taken = new Map<
    string,
    { readonly commit: string; readonly files: ReadonlyMap<string, string> }
  >();

  constructor(world: Pick<World, 'files' | 'run'>, fleet: FleetConfig, remote: string) {
    this.#files = world.files;
    this.#fleet = fleet;
    this.#inbox = new Inbox(world.files, fleet.folder);
    this.#repository = new GitRepository(world, fleet, remote);
    this.#branches = new HubBranches(this.#repository, { own: fleet.name });
    this.#ref = refOf(fleet.name);
  }

  /** Pushes the publication if it changed; false if `out` is incomplete, as while it is written. */
  async push(): Promise<boolean> {
    const published = await readOut(this.#files, this.#fleet.folder);
    if (published === undefined) return false;
    try {
      await this.#push(published);
    } catch (error) {
      // If the hub is not reached, the local repository is not at fault.
      if (!(await this.#repository.isHubReached()) || !(await this.#repository.renew())) throw error;
      await this.#push(published);
    }
    return true;
  }

  async #push(published: ReadonlyMap<string, string>): Promise<void> {
    if (await this.#repository.open()) this.#held = undefined;
    const ids = new Map(Array.from(published, ([path, text]) => [path, blobIdOf(text)]));
    const held = (this.#held ??= await this.#readHeld());
    if (held.get(PEER_FILE) !== ids.get(PEER_FILE)) {
      // If the commit fails, the next push reads the branch again, and commits the differences.
      this.#held = undefined;
      await this.#commit(published, { ids, held });
      this.#held = ids;
      this.#isPushed = false;
    }
    if (!this.#isPushed) await this.#pushBranch();
  }

  /** Fetches the publications of others, and writes them to `in/NAME`; pushes again what the hub lost. */
  async fetch(): Promise<void> {
    const { commits, failures } = await this.#branches.fetch();
    let hasNews = false;
    const untaken: unknown[] = [];
    for (const [name, commit] of commits) {
      if (name === this.#fleet.name || this.#taken.get(name)?.commit === commit) continue;
      // A bad branch does not keep the others from being taken in.
      await this.#take(name, commit).catch((error: unknown) => untaken.push(error));
      hasNews = true;
    }
    const own = await this.#repository.commitOf(this.#ref);
    if (own !== undefined && commits.get(this.#fleet.name) !== own) await this.#pushBranch();
    if (hasNews) await this.#collect();
    if (untaken.length > 0) throw untaken[0];
    const [failure] = failures;
    if (failure !== undefined) throw new BanspoolError('command-failed', failure);
  }

  async #pushBranch(): Promise<void> {
    await this.#repository.git(['push', '--quiet', '--force', 'hub', this.#ref]);
    this.#isPushed = true;
  }

  /** Commits on top of the last commit; after MAX_COMMITS as a new root, so that the hub can delete the old ones. */
  async #commit(published: ReadonlyMap<string, string>, { ids, held }: Blobs): Promise<void> {
    const isRoot = held.size === 0 || this.#commits >= MAX_COMMITS;
    const files = new Map(
      Array.from(published).filter(([path]) => isRoot || ids.get(path) !== held.get(path)),
    );
    const text = importText({
      ref: this.#ref,
      name: this.#fleet.name,
      time: decodePeerFile(published.get(PEER_FILE) ?? '')?.published ?? 0,
      parent: isRoot ? undefined : `${this.#ref}^0`,
      files,
      gone: isRoot ? [] : Array.from(held.keys()).filter((path) => !ids.has(path)),
    });
    await this.#repository.git(['fast-import', '--quiet', '--force'], text);
    this.#commits = isRoot ? 1 : this.#commits + 1;
  }

  /** The blob ids of the own branch, by path; empty without a branch. */
  async #readHeld(): Promise<ReadonlyMap<string, string>> {
    const commit = await this.#repository.commitOf(this.#ref);
    if (commit === undefined) return new Map();
    this.#commits = Number(await this.#repository.git(['rev-list', '--count', this.#ref]));
    return new Map((await this.#publishedIn(this.#fleet.name, commit)).map(({ path, id }) => [path, id]));
  }

  async #collect(): Promise<void> {
    this.#fetches += 1;
    if (this.#fetches % FETCHES_BETWEEN_GC === 0)
      await this.#repository.git(['gc', '--quiet', '--prune=now']);
  }

  /** Reads only the files that differ from the last commit that was taken in. */
  async #take(name: string, commit: string): Promise<void> {
    const before = this.#taken.get(name)?.files;
    const tree = await this.#publishedIn(name, commit);
    const changed = inOrder(tree.filter(({ path, id }) => before?.get(path) !== id));
    const files = new Map(tree.map(({ path, id }) => [path, id]));
    for (let at = 0; at < changed.length; at += READ_AT_ONCE) {
      const some = changed.slice(at, at + READ_AT_ONCE);
      const texts = textsIn(await this.#repository.cat([...new Set(some.map(({ id }) => id))]));
      for (const { path, id } of some) {
        const text = texts.get(id);
        // A skipped file is read again with the next commit.
        if (text === undefined || Buffer.byteLength(text) > MAX_PUBLISHED_BYTES) files.delete(path);
        else await this.#inbox.write(name, path, text);
      }
    }
    this.#taken.set(name, { commit, files });
  }

  async #publishedIn(name: string, commit: string): Promise<readonly TreeFile[]> {
    const files = await this.#repository.filesOf(commit);
    const published = files.filter(({ path }) => isCarriedPath(path));
    if (published.length > MAX_FILES)
      throw new BanspoolError('refused', `the branch of ${name} has more than ${MAX_FILES} files`);
    return published;
  }
}

/** The id that git gives a blob (gitformat-pack(5)); the repository uses SHA-1. */
function blobIdOf(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest('hex');
}

interface Blobs {
  /** The ids of the published files, by path. */
  readonly ids: ReadonlyMap<string, string>;
  /** The ids of the files in the branch. */
  readonly held: ReadonlyMap<string, string>;
}
