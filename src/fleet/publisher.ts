/**
 * The keeper of `out`, what this firewall publishes: files of claims and lifts, then the signature of peer.yaml, which
 * names them, then peer.yaml. What was published before is read from there at the start. It comes after the state is
 * saved, so that peers never know more than a crash leaves here.
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
import { decodePeerFile, encodePeerFile, LIFTS_FILE, MAX_PUBLISHED_BYTES } from './peer-file.ts';
import { encodePeerList, PEER_LIST } from './peer-list.ts';
import { liftsIn, linesOf, withEnds, type Lines } from './publication.ts';
import { Rhythm } from './rhythm.ts';
import { fileOf, isAsWritten, linesIn, publishedIn, readTold, type Told } from './told.ts';
import { NAMESPACE } from './ssh-signature.ts';

type Needs = Pick<World, 'config' | 'files' | 'run'>;

/** What was looked at last of a shard, and what came of it. */
interface Seen {
  readonly own: Shard | undefined;
  readonly lifts: Lines;
  /** When something that was told of it ends. */
  readonly until: number;
}

export class Publisher {
  readonly #world: Needs;
  /** By path. Undefined until `out` was read. */
  #told: Map<string, Told> | undefined;
  /** By shard. */
  readonly #seen = new Map<string, Seen>();
  /** What was told follows from it, from the shards, and from the time. */
  #basis: Basis | undefined;
  #sequence = 0;
  readonly #rhythm = new Rhythm();
  /** Of peer.yaml, as last read or written. */
  #stamp: string | undefined;
  /** At the start too: a crash may have left a part of it. */
  #hasUnwritten = true;
  /** True where what changed was not looked at, since the last publication was a moment ago. */
  #mayHaveChanged = false;
  /** False until all of it was looked at, and after a try that failed. */
  #hasLooked = false;
  #problems: readonly Problem[] = [];
  /** Paths of files that no peer would take: there, peers keep what they were told before. */
  readonly #tooLarge = new Set<string>();
  /** What the mover was told last of whom to listen to. */
  #listed: string | undefined;

  constructor(world: Needs) {
    this.#world = world;
  }

  /** When it has to be asked again, in milliseconds since 1970; Infinity where nothing is published. */
  get due(): number {
    if (this.#world.config.fleet === undefined) return Infinity;
    return this.#rhythm.due({ hasNews: this.#hasUnwritten || this.#mayHaveChanged });
  }

  /**
   * Publishes what changed since; `atOnce` also where that was a moment ago. What keeps it from being published is a
   * problem, and is tried again.
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

  /** Of other engines the mover sees by itself who is there. */
  async #listPeers({ engine, folder }: FleetConfig, { policy }: Grounds): Promise<void> {
    if (engine !== 'valkey') return;
    const { files } = this.#world;
    const text = encodePeerList(policy.peers.keys());
    if (text === this.#listed) return;
    await files.makeOpenFolder(join(folder, 'out'));
    await files.write(join(folder, 'out', PEER_LIST), text);
    this.#listed = text;
  }

  /** Only shards that changed, or in which something that was told ends, are looked at. */
  async #findChanged(fleet: FleetConfig, { told, state, grounds }: Looked): Promise<void> {
    const basis = basisFor(state, grounds, this.#basis);
    const isOther = this.#basis === undefined || !isSameBasis(basis, this.#basis);
    // At a start also lifts that were published and are none any more.
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

  /** Notes what is to be told of a shard, and returns it. */
  async #look(fleet: FleetConfig, { name, own, told, state, grounds }: LookedShard): Promise<Lines> {
    const path = `${name}.yaml`;
    const banned = linesOf(name, own, { state, grounds });
    const file = told.get(path);
    // So it is of nearly all of them at a start: nothing has to be parsed.
    if (file?.sha256 === fileOf(path, encodeClaims(banned.values())).sha256) {
      this.#tooLarge.delete(path);
      return banned;
    }
    const before = await linesIn(this.#world.files, join(fleet.folder, 'out'), file);
    // What cannot be read is told anew.
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
    // Who sees the new peer.yaml, finds its signature: a mover carries no more than what changed of peer.yaml.
    await files.write(join(out, 'peer.yaml.sig'), signature);
    await files.write(join(out, 'peer.yaml'), text);
    this.#stamp = files.stamp(join(out, 'peer.yaml'));
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

  /** What was told last; read from `out` at the start, and where another process published, or somebody changed it. */
  async #open({ folder, name }: FleetConfig): Promise<Map<string, Told>> {
    const { files } = this.#world;
    const out = join(folder, 'out');
    const stamp = files.stamp(join(out, 'peer.yaml'));
    const before = this.#told;
    const isAsLeft = before !== undefined && stamp === this.#stamp && isAsWritten(files, out, before);
    if (isAsLeft) return before;
    const read = decodePeerFile((await files.read(join(out, 'peer.yaml'))) ?? '');
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

/** When the first of them ends. */
function endOf(lines: Lines): number {
  let end = Infinity;
  for (const { bans, forget = Infinity } of lines.values())
    end = Math.min(end, bans.length === 0 ? forget : Math.min(...bans.map(({ until }) => until)));
  return end;
}
