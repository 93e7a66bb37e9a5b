/**
 * Reads the publications of all peers, and remembers of each what it took in, when to read again, and since when it has
 * trouble. It takes in nothing that is older than the last publication or beyond the limits of the peer; everything
 * that it took in before stays. It does not read unchanged files again.
 */
import { join } from 'node:path';
import type { Publication } from '../claims/hear.ts';
import type { FleetConfig } from '../config/config.ts';
import type { Problem } from '../domain/conditions.ts';
import { fingerprintOf } from '../domain/public-key.ts';
import { Census } from '../policy/census.ts';
import { messageOf } from '../system/error.ts';
import type { World } from '../world/world.ts';
import { accept } from './accept.ts';
import type { Ear, HearOptions, PeerOptions, Read } from './ear.ts';
import { Inbox } from './inbox.ts';
import { LIFTS_FILE, SIGNATURE_FILE, type PeerFile } from './peer-file.ts';
import { peerProblems, type PeerTrouble } from './peer-problems.ts';
import { sumOfRefused, type Refused } from './refused.ts';

type Needs = Pick<World, 'config' | 'files'>;

/** No file has this stamp. */
const NEVER_LOOKED = 'never';

/** The longest time between the copies of peer.yaml and of its signature. */
const COPY_MS = 10_000;

/** A copy that has not finished leaves files different; only after this time it is a problem. */
const PATIENCE_MS = 60_000;

/** The report of one peer. */
export interface PeerReport {
  readonly peer: string;
  /** When it published what was last taken in; undefined: never. */
  readonly published: number | undefined;
  /** The time from publication until arrival, by both clocks, in milliseconds; negative if the peer's is ahead. */
  readonly lag: number | undefined;
  readonly sequence: number | undefined;
  /** How many lines of its current publication are beyond its limits. */
  readonly refused: Refused;
  readonly trouble: PeerTrouble | undefined;
}

export class Listener {
  readonly #world: Needs;
  readonly #census = new Census();
  readonly #ears = new Map<string, Ear>();
  /** False from {@link hear} until {@link noteSaved}. */
  #isSaved = true;

  constructor(world: Needs) {
    this.#world = world;
  }

  /** Reads the new publications of peers. */
  async hear(options: HearOptions): Promise<readonly Publication[]> {
    const { fleet } = this.#world.config;
    if (fleet === undefined) return [];
    if (!this.#isSaved) this.#forgetTaken();
    for (const name of this.#ears.keys()) if (!options.policy.peers.has(name)) this.#ears.delete(name);
    const publications: Publication[] = [];
    for (const [peer, limits] of options.policy.peers) {
      const ear = this.#earOf(peer, { fleet, options, key: fingerprintOf(limits.key) });
      const heard = await this.#hearPeer(fleet, { ...options, peer, limits, ear });
      if (heard !== undefined) publications.push(heard);
    }
    this.#isSaved = publications.length === 0;
    return publications;
  }

  /** Call it when the last result of {@link hear} is on the disk. Otherwise the next call returns it again. */
  noteSaved(): void {
    this.#isSaved = true;
  }

  /** True if a peer's publication changed since the last reading, or a missing file of it arrived. */
  hasNews(): boolean {
    return Array.from(this.#ears.values()).some(
      ({ inbox, stamp, lacking }) =>
        inbox.stamp() !== stamp || (lacking !== undefined && inbox.stampOf(lacking.path) !== lacking.stamp),
    );
  }

  /** A report for each peer that was read. */
  reports(): readonly PeerReport[] {
    return Array.from(this.#ears, ([peer, { published, lag, sequence, refused, trouble }]) => ({
      ...{ peer, published, lag, refused: sumOfRefused(refused.values()), trouble },
      sequence: sequence === 0 ? undefined : sequence,
    }));
  }

  problems(now: number): readonly Problem[] {
    const { fleet } = this.#world.config;
    if (fleet === undefined) return [];
    const told = this.reports().map((report) => {
      const since = this.#ears.get(report.peer)?.since ?? now;
      const isPassing = report.trouble?.code === 'incomplete' && now - since < PATIENCE_MS;
      return isPassing ? { ...report, trouble: undefined } : report;
    });
    return peerProblems(told, { folder: fleet.folder, now });
  }

  #forgetTaken(): void {
    for (const ear of this.#ears.values()) {
      ear.stamp = NEVER_LOOKED;
      ear.taken.clear();
    }
  }

  #earOf(
    peer: string,
    {
      fleet,
      options,
      key,
    }: { readonly fleet: FleetConfig; readonly options: HearOptions; readonly key: string },
  ): Ear {
    const { policy, state } = options;
    let ear = this.#ears.get(peer);
    const known = state.peers.get(peer);
    if (ear?.key !== key || (known === undefined && ear.published !== undefined)) {
      ear = {
        inbox: new Inbox(this.#world.files, join(fleet.folder, 'in', peer)),
        ...{ stamp: NEVER_LOOKED, policy, taken: new Map(), lacking: undefined },
        ...{ refused: new Map(), trouble: undefined, since: undefined, lag: undefined },
        key,
        sequence: known?.key === key ? known.sequence : 0,
        published: known?.published,
      };
      this.#ears.set(peer, ear);
    }
    return ear;
  }

  async #hearPeer(fleet: FleetConfig, options: PeerOptions): Promise<Publication | undefined> {
    const { ear, policy, now, isFull } = options;
    const stamp = ear.inbox.stamp();
    const isOther = stamp !== ear.stamp || policy !== ear.policy;
    const triesAgain = ear.refused.size > 0 && (isFull || policy !== ear.policy);
    if (!isOther && !triesAgain && ear.trouble?.code !== 'incomplete') return undefined;
    // A limit may have changed, and the state has no lifts beyond it.
    if (policy !== ear.policy) ear.taken.delete(LIFTS_FILE);
    if (triesAgain) for (const path of ear.refused.keys()) ear.taken.delete(path);
    ear.stamp = stamp;
    ear.policy = policy;
    const read = await this.#read(fleet, options).catch((error: unknown): PeerTrouble => ({
      code: 'unreadable',
      message: messageOf(error),
    }));
    const trouble = 'code' in read ? read : read.trouble;
    ear.since = trouble === undefined ? undefined : (ear.since ?? now);
    ear.trouble = trouble;
    return 'code' in read ? undefined : read.publication;
  }

  async #read(fleet: FleetConfig, options: PeerOptions): Promise<Read | PeerTrouble> {
    const { peer, ear, limits, now } = options;
    const { inbox } = ear;
    if (peer === fleet.name) return { code: 'own-name', name: peer };
    const file = await inbox.readPeerFile(peer, limits.key);
    if ('code' in file)
      return file.code === 'bad-signature' && isBeingCopied(inbox, now)
        ? { code: 'incomplete', path: SIGNATURE_FILE }
        : file;
    if (file.sequence < ear.sequence)
      return { code: 'replayed', sequence: file.sequence, newest: ear.sequence };
    ear.sequence = file.sequence;
    const known = options.state.peers.get(peer);
    const isTaken = known?.isWhole === true && known.key === ear.key;
    // An earlier process took these files in, and they did not change since.
    if (isTaken && ear.taken.size === 0 && ear.refused.size === 0)
      for (const { path, sha256, since = file.sequence } of file.files)
        if (since <= known.sequence && path !== LIFTS_FILE) ear.taken.set(path, sha256);
    const read = await inbox.readFiles(file, ear.taken);
    ear.lacking = read.lacking;
    ear.published = Math.min(file.published, now);
    const { published } = file;
    const arrived = inbox.arrived();
    ear.lag = arrived === undefined ? undefined : arrived - published;
    const circumstances = { ...options, self: fleet.name, census: this.#census, published };
    const { claims, lifts, refused } = accept(read.told, circumstances);
    note(ear, { file, told: read.told, refused });
    const trouble =
      read.trouble ??
      (ear.refused.size > 0
        ? ({ code: 'beyond-limits', refused: sumOfRefused(ear.refused.values()), limits } as const)
        : undefined);
    const { sequence } = file;
    const head = { peer, sequence, published: ear.published, key: ear.key, isWhole: trouble === undefined };
    return { publication: { ...head, bantime: limits.bantime, claims, lifts }, trouble };
  }
}

interface Heard {
  readonly file: PeerFile;
  readonly told: readonly { readonly path: string; readonly sha256: string }[];
  readonly refused: ReadonlyMap<string, Refused>;
}

/** Keeps the refused lines of a file until the file is read again, or is no longer published. */
function note({ taken, refused: known }: Ear, { file, told, refused }: Heard): void {
  for (const { path, sha256 } of told) {
    taken.set(path, sha256);
    known.delete(path);
  }
  const paths = new Set(file.files.map(({ path }) => path));
  for (const path of known.keys()) if (!paths.has(path)) known.delete(path);
  for (const [path, each] of refused) known.set(path, each);
}

/** True if a copy may have replaced only one of the two files so far. */
function isBeingCopied(inbox: Inbox, now: number): boolean {
  const age = now - inbox.modified();
  return age >= 0 && age < COPY_MS;
}
