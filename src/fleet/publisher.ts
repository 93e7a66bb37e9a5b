/**
 * Writes `out`, the publication of this firewall: the files of claims and lifts, then the signature of peer.yaml, then
 * peer.yaml, which names the files. At the start it reads from `out` what it published before. It publishes after the
 * state is saved, so that after a crash no peer knows more than this firewall.
 */
import { dirname, join } from 'node:path';
import { splitShard } from '../claims/split.ts';
import type { Shard, State } from '../claims/state.ts';
import type { FleetConfig } from '../config/config.ts';
import { basisFor, isSameBasis, type Basis, type Grounds } from '../desired/conclude.ts';
import type { Problem } from '../domain/conditions.ts';
import { encodeClaims } from '../ledger/store/codec.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { World } from '../world/world.ts';
import {
  decodePeerFile,
  encodePeerFile,
  LIFTS_FILE,
  MAX_PUBLISHED_BYTES,
  PEER_FILE,
  SIGNATURE_FILE,
} from './peer-file.ts';
import { encodePeerList, PEER_LIST } from './peer-list.ts';
import { endOf, liftsIn, linesOf, withEnds, type Lines } from './publication.ts';
import { Rhythm } from './rhythm.ts';
import { fileOf, isAsWritten, linesIn, publishedIn, readTold, type Told } from './told.ts';
import { NAMESPACE } from './ssh-signature.ts';

type Needs = Pick<World, 'config' | 'files' | 'run'>;

/** A shard at its last check, and the result. */
interface Seen {
  readonly own: Shard | undefined;
  readonly lifts: Lines;
  /** When the first published line of it ends. */
  readonly until: number;
}

export class Publisher {
  readonly #world: Needs;
  /** The published files by path; undefined until `out` is read. */
  #told: Map<string, Told> | undefined;
  /** By shard. */
  readonly #seen = new Map<string, Seen>();
  /** The published lines follow from it, from the shards, and from the time. */
  #basis: Basis | undefined;
  #sequence = 0;
  readonly #rhythm = new Rhythm();
  /** The stamp of peer.yaml when it was last read or written. */
  #stamp: string | undefined;
  /** Also true at the start: a crash may have left `out` half written. */
  #hasUnwritten = true;
  /** True if changes were not checked because the last publication was less than a second ago. */
  #mayHaveChanged = false;
  /** False until all shards were checked, and after a failure. */
  #hasLooked = false;
  #problems: readonly Problem[] = [];
  /** Paths of files that would be too large; peers keep the last version of each. */
  readonly #tooLarge = new Set<string>();
  /** The text of peers.json that was written last. */
  #listed: string | undefined;

  constructor(world: Needs) {
    this.#world = world;
  }

  /** When to call {@link publish} again, in milliseconds since 1970; Infinity without a fleet. */
  get due(): number {
    if (this.#world.config.fleet === undefined) return Infinity;
    return this.#rhythm.due({ hasNews: this.#hasUnwritten || this.#mayHaveChanged });
  }

  /**
   * Publishes the changes; with `atOnce` also within a second of the last publication. Returns the problems that keep
   * changes from being published; a later call retries.
   */
  async publish(state: State, grounds: Grounds, { atOnce = false } = {}): Promise<readonly Problem[]> {
    const { fleet } = this.#world.config;
    const { now } = grounds;
    if (fleet === undefined || this.#rhythm.isResting(now)) return this.#problems;
    if (!atOnce && this.#rhythm.isTooSoon(now)) {
      this.#mayHaveChanged = true;
      return this.#problems;
    }
    try {
      await this.#listPeers(fleet, grounds);
      const told = await this.#open(fleet);
      await this.#findChanged(fleet, { told, state, grounds });
      this.#mayHaveChanged = false;
      if (this.#hasUnwritten || this.#rhythm.isSilent(now)) await this.#write(fleet, told, now);
      this.#problems = Array.from(this.#tooLarge, (path) => tooLargeProblem(path, fleet));
    } catch (error) {
      this.#rhythm.noteFailed(now);
      const message = `${fleet.folder}/out: ${messageOf(error)}; banspool retries after 10 s`;
      this.#problems = [{ condition: 'FleetPublished', reason: 'WriteFailed', message }];
    }
    return this.#problems;
  }

  /** Writes peers.json. Only the mover of engine valkey needs it: the others find the firewalls on the hub. */
  async #listPeers({ engine, folder }: FleetConfig, { policy }: Grounds): Promise<void> {
    if (engine !== 'valkey') return;
    const { files } = this.#world;
    const text = encodePeerList(policy.peers.keys());
    if (text === this.#listed) return;
    await files.makeOpenFolder(join(folder, 'out'));
    await files.write(join(folder, 'out', PEER_LIST), text);
    this.#listed = text;
  }

  /** Checks only shards that changed, or in which a published line ends. */
  async #findChanged(fleet: FleetConfig, { told, state, grounds }: Looked): Promise<void> {
    const basis = basisFor(state, grounds, this.#basis);
    const isOther = this.#basis === undefined || !isSameBasis(basis, this.#basis);
    // At the start, lifts that were published may no longer exist.
    let haveLiftsChanged = !this.#hasLooked;
    this.#hasLooked = false;
    for (const name of new Set([...state.shards.keys(), ...shardsOf(told)])) {
      const shard = state.shards.get(name);
      const own = shard === undefined ? undefined : splitShard(shard).own;
      const seen = this.#seen.get(name);
      if (seen !== undefined && !isOther && seen.own === own && grounds.now < seen.until) continue;
      const lines = await this.#look(fleet, { name, own, told, state, grounds });
      const lifts = own === undefined ? NO_LINES : liftsIn(own, grounds.policy.publish);
      haveLiftsChanged ||= lifts.size > 0 || (seen?.lifts.size ?? 0) > 0;
      this.#seen.set(name, { own, lifts, until: endOf(lines) });
    }
    if (haveLiftsChanged) {
      const lines = new Map(Array.from(this.#seen.values()).flatMap(({ lifts }) => [...lifts]));
      if (lines.size > 0 || told.has(LIFTS_FILE)) this.#note(told, LIFTS_FILE, lines);
    }
    this.#basis = basis;
    this.#hasLooked = true;
  }

  /** Notes the lines to publish of a shard, and returns them. */
  async #look(fleet: FleetConfig, { name, own, told, state, grounds }: LookedShard): Promise<Lines> {
    const path = `${name}.yaml`;
    const banned = linesOf(name, own, { state, grounds });
    const file = told.get(path);
    // At the start, this is true of nearly all shards: nothing has to be parsed.
    if (file?.sha256 === fileOf(path, encodeClaims(banned.values())).sha256) {
      this.#tooLarge.delete(path);
      return banned;
    }
    const before = await linesIn(this.#world.files, join(fleet.folder, 'out'), file);
    // An unreadable file is published again.
    if (before === undefined) told.delete(path);
    const lines = withEnds(banned, before ?? NO_LINES, grounds.now);
    if (lines.size > 0 || before !== undefined) this.#note(told, path, lines);
    return lines;
  }

  #note(told: Map<string, Told>, path: string, lines: Lines): void {
    const text = encodeClaims(lines.values());
    const file = fileOf(path, text);
    if (file.bytes > MAX_PUBLISHED_BYTES) this.#tooLarge.add(path);
    else {
      this.#tooLarge.delete(path);
      if (file.sha256 === told.get(path)?.sha256) return;
      told.set(path, { ...file, text });
      this.#hasUnwritten = true;
    }
  }

  async #write(fleet: FleetConfig, told: Map<string, Told>, now: number): Promise<void> {
    const { files } = this.#world;
    const out = join(fleet.folder, 'out');
    const sequence = Math.max(this.#sequence + 1, now);
    const list = Array.from(told.values(), (file) => publishedIn(file, sequence));
    list.sort((a, b) => (a.path < b.path ? -1 : 1));
    const text = encodePeerFile({ name: fleet.name, sequence, published: now, files: list });
    const signature = await this.#sign(fleet.key, text);
    for (const file of told.values()) {
      if (file.text === undefined) continue;
      const path = join(out, file.path);
      await files.makeOpenFolder(dirname(path));
      await files.write(path, file.text);
    }
    await files.makeOpenFolder(out);
    // A mover that sees the new peer.yaml must find its signature.
    await files.write(join(out, SIGNATURE_FILE), signature);
    await files.write(join(out, PEER_FILE), text);
    this.#stamp = files.stamp(join(out, PEER_FILE));
    for (const file of list) told.set(file.path, { ...file, stamp: files.stamp(join(out, file.path)) });
    this.#sequence = sequence;
    this.#rhythm.notePublished(now);
    this.#hasUnwritten = false;
  }

  async #sign(key: string, text: string): Promise<string> {
    const words = ['-q', '-Y', 'sign', '-f', key, '-n', NAMESPACE];
    const { exitCode, stdout, stderr } = await this.#world.run('ssh-keygen', words, { input: text });
    if (exitCode === 0) return `${stdout.trimEnd()}\n`;
    throw new BanspoolError(
      'command-failed',
      `cannot sign with ${key}: ${stderr.trim().split('\n').at(-1) ?? ''}`,
    );
  }

  /** The published files; reads `out` at the start, and if another process published or changed a file. */
  async #open({ folder, name }: FleetConfig): Promise<Map<string, Told>> {
    const { files } = this.#world;
    const out = join(folder, 'out');
    const stamp = files.stamp(join(out, PEER_FILE));
    const before = this.#told;
    const isAsLeft = before !== undefined && stamp === this.#stamp && isAsWritten(files, out, before);
    if (isAsLeft) return before;
    const read = decodePeerFile((await files.read(join(out, PEER_FILE))) ?? '');
    const listed = read?.name === name ? read : undefined;
    if (listed !== undefined) {
      this.#sequence = Math.max(this.#sequence, listed.sequence);
      this.#rhythm.notePublished(listed.published);
    }
    const paths = (listed?.files ?? []).map(({ path }) => path);
    this.#told = await readTold(files, out, [...paths, ...(before?.keys() ?? [])]);
    this.#stamp = stamp;
    this.#seen.clear();
    this.#hasLooked = false;
    this.#hasUnwritten = true;
    return this.#told;
  }
}

function tooLargeProblem(path: string, { folder }: FleetConfig): Problem {
  const message =
    `${folder}/out/${path} would be larger than ${MAX_PUBLISHED_BYTES / 1024 / 1024} MiB, which no peer accepts: ` +
    'its changes are not published; fix: limit what is published with publish in policy.yaml';
  return { condition: 'FleetPublished', reason: 'TooLarge', message };
}

function shardsOf(told: ReadonlyMap<string, Told>): readonly string[] {
  return Array.from(told.keys(), (path) => path.slice(0, -'.yaml'.length)).filter((name) =>
    name.includes('/'),
  );
}

const NO_LINES: Lines = new Map();

interface Looked {
  readonly told: Map<string, Told>;
  readonly state: State;
  readonly grounds: Grounds;
}

interface LookedShard extends Looked {
  readonly name: string;
  readonly own: Shard | undefined;
}
