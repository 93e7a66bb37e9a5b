/**
 * The keeper of `in`, what peers published. Whoever brings it is trusted with nothing: what is not signed by the
 * peer's key, not as peer.yaml names it, older than what was taken in, or too large, is not taken in, and what was
 * before stays. Files that did not change are not read again.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Claim } from '../claims/claim.ts';
import type { Publication } from '../claims/hear.ts';
import type { FleetConfig } from '../config/config.ts';
import type { Problem } from '../domain/conditions.ts';
import { decodeOwnClaims } from '../ledger/store/codec.ts';
import { Census } from '../policy/census.ts';
import { messageOf } from '../system/error.ts';
import type { World } from '../world/world.ts';
import { accept, type Told } from './accept.ts';
import type { Ear, HearOptions, PeerOptions, Read } from './ear.ts';
import { decodePeerFile, LIFTS_FILE, MAX_PUBLISHED_BYTES, type PeerFile } from './peer-file.ts';
import { peerProblems, type PeerTrouble } from './peer-problems.ts';
import { isSignedBy } from './ssh-signature.ts';

type Needs = Pick<World, 'config' | 'files'>;

/** 514 files of at most 120 bytes a line. */
const MAX_PEER_FILE_BYTES = 128 * 1024;
const MAX_SIGNATURE_BYTES = 16 * 1024;

/** No stamp is so. */
const NEVER_LOOKED = 'never';

/** Between peer.yaml and its signature, where both are copied. */
const COPY_MS = 10_000;

/** What a copy under way leaves different is no fault until it lasts. */
const PATIENCE_MS = 60_000;

/** What one peer is to this firewall. */
export interface PeerReport {
  readonly peer: string;
  /** When it last published something that was taken in; undefined: never. */
  readonly published: number | undefined;
  readonly sequence: number | undefined;
  /** Lines beyond its limits. */
  readonly refused: number;
  readonly trouble: PeerTrouble | undefined;
}

export class Listener {
  readonly #world: Needs;
  readonly #census = new Census();
  readonly #ears = new Map<string, Ear>();

  constructor(world: Needs) {
    this.#world = world;
  }

  /** What peers say that is new. */
  async hear(options: HearOptions): Promise<readonly Publication[]> {
    const { fleet } = this.#world.config;
    if (fleet === undefined) return [];
    for (const name of this.#ears.keys()) if (!options.policy.peers.has(name)) this.#ears.delete(name);
    const publications: Publication[] = [];
    for (const [peer, limits] of options.policy.peers) {
      const ear = this.#earOf(peer, options);
      const heard = await this.#hearPeer(fleet, { ...options, peer, limits, ear });
      if (heard !== undefined) publications.push(heard);
    }
    return publications;
  }

  /** True when a peer's publication changed since it was last heard, or more of it has come. */
  hasNews(): boolean {
    const { fleet } = this.#world.config;
    if (fleet === undefined) return false;
    return Array.from(this.#ears).some(
      ([peer, { stamp, lacking }]) =>
        this.#stamp(fleet, peer) !== stamp ||
        (lacking !== undefined && this.#stampOf(lacking.path) !== lacking.stamp),
    );
  }

  /** Of the peers that were looked at. */
  reports(): readonly PeerReport[] {
    return Array.from(this.#ears, ([peer, { published, sequence, refused, trouble }]) => ({
      ...{ peer, published, refused, trouble },
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

  #earOf(peer: string, { policy, state }: HearOptions): Ear {
    let ear = this.#ears.get(peer);
    const known = state.peers.get(peer);
    if (ear === undefined || (known === undefined && ear.published !== undefined)) {
      ear = {
        ...{
          stamp: NEVER_LOOKED,
          policy,
          taken: new Map(),
          lacking: undefined,
          refused: 0,
          trouble: undefined,
          since: undefined,
        },
        sequence: known?.sequence ?? 0,
        published: known?.published,
      };
      this.#ears.set(peer, ear);
    }
    return ear;
  }

  async #hearPeer(fleet: FleetConfig, options: PeerOptions): Promise<Publication | undefined> {
    const { peer, ear, policy, now, isFull } = options;
    const stamp = this.#stamp(fleet, peer);
    const isOther = stamp !== ear.stamp || policy !== ear.policy;
    const triesAgain = ear.refused > 0 && (isFull || policy !== ear.policy);
    if (!isOther && !triesAgain && ear.trouble?.code !== 'incomplete') return undefined;
    if (triesAgain) ear.taken.clear();
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
    const folder = join(fleet.folder, 'in', peer);
    const text = await this.#readFile(join(folder, 'peer.yaml'), MAX_PEER_FILE_BYTES);
    if (text === undefined) return { code: 'missing' };
    const signature = (await this.#readFile(join(folder, 'peer.yaml.sig'), MAX_SIGNATURE_BYTES)) ?? '';
    if (!isSignedBy({ text, signature, key: limits.key }))
      return this.#underWay(folder, now) ?? { code: 'bad-signature' };
    const file = decodePeerFile(text);
    if (file === undefined) return { code: 'damaged', path: 'peer.yaml' };
    if (file.name !== peer) return { code: 'other-name', name: file.name };
    if (file.sequence < ear.sequence)
      return { code: 'replayed', sequence: file.sequence, newest: ear.sequence };
    ear.sequence = file.sequence;
    const known = options.state.peers.get(peer)?.sequence ?? 0;
    // All of it was taken in by a process before this one.
    if (known === file.sequence && ear.taken.size === 0 && ear.refused === 0)
      for (const { path, sha256 } of file.files) ear.taken.set(path, sha256);
    const { told, trouble } = await this.#readFiles(folder, file, ear);
    const accepted = accept(told, { ...options, self: fleet.name, census: this.#census });
    ear.refused = accepted.refused;
    ear.published = Math.min(file.published, now);
    const { claims, lifts } = accepted;
    const beyond =
      accepted.refused > 0 ? ({ code: 'beyond-limits', refused: accepted.refused } as const) : undefined;
    const isWhole = trouble === undefined && beyond === undefined;
    const sequence = isWhole ? file.sequence : known;
    return {
      publication: { peer, sequence, published: ear.published, claims, lifts },
      trouble: trouble ?? beyond,
    };
  }

  /** A copy under way has one of the two files anew and the other as it was. */
  #underWay(folder: string, now: number): PeerTrouble | undefined {
    const times = ['peer.yaml', 'peer.yaml.sig'].map(
      (name) => this.#world.files.modified(join(folder, name)) ?? 0,
    );
    const age = now - Math.max(...times);
    return age >= 0 && age < COPY_MS ? { code: 'incomplete', path: 'peer.yaml.sig' } : undefined;
  }

  /** The files that are not as they were when they were taken in. */
  async #readFiles(
    folder: string,
    { files }: PeerFile,
    ear: Ear,
  ): Promise<{ readonly told: Told; readonly trouble: PeerTrouble | undefined }> {
    const claims: Claim[] = [];
    const lifts: Claim[] = [];
    let trouble: PeerTrouble | undefined;
    ear.lacking = undefined;
    for (const { path, bytes, sha256 } of files) {
      if (ear.taken.get(path) === sha256) continue;
      const stamp = this.#stampOf(join(folder, path));
      const text = await this.#readFile(join(folder, path), Math.min(bytes, MAX_PUBLISHED_BYTES));
      if (text === undefined || createHash('sha256').update(text).digest('hex') !== sha256) {
        ear.lacking ??= { path: join(folder, path), stamp };
        trouble = { code: 'incomplete', path };
        continue;
      }
      const lines = decodeOwnClaims(text);
      if (lines === undefined) {
        trouble ??= { code: 'damaged', path };
        continue;
      }
      // One by one: as arguments of one call, over a hundred thousand overflow the stack.
      for (const line of lines) (path === LIFTS_FILE ? lifts : claims).push(line);
      ear.taken.set(path, sha256);
    }
    return { told: { claims, lifts }, trouble };
  }

  /** Undefined where there is no such file, or a larger one. */
  async #readFile(path: string, most: number): Promise<string | undefined> {
    return this.#world.files.readAtMost(path, most);
  }

  /** Undefined where nothing is there. What cannot be looked at is told when it is read. */
  #stamp({ folder }: FleetConfig, peer: string): string | undefined {
    const stamps = ['peer.yaml', 'peer.yaml.sig'].map((name) =>
      this.#stampOf(join(folder, 'in', peer, name)),
    );
    return stamps.some((stamp) => stamp !== undefined) ? stamps.join(' ') : undefined;
  }

  #stampOf(path: string): string | undefined {
    try {
      return this.#world.files.stamp(path);
    } catch (error) {
      return messageOf(error);
    }
  }
}
