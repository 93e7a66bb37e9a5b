/**
 * Moves publications between the fleet's folder and a Valkey server, where each firewall has its own keys. It does not
 * check what it moves: the controller does. The server may lose all data at any time: each mover notices it and pushes
 * its files again. A missing key lifts no ban.
 */
import { join } from 'node:path';
import type { FleetConfig } from '../../config/config.ts';
import { decodePeerFile, PEER_FILE, SIGNATURE_FILE, type PeerFile } from '../../fleet/peer-file.ts';
import { decodePeerList, MAX_PEER_LIST_BYTES, PEER_LIST } from '../../fleet/peer-list.ts';
import { BanspoolError, messageOf } from '../../system/error.ts';
import { sha256 } from '../../system/sha256.ts';
import type { World } from '../../world/world.ts';
import { HEADS, Inbox, MAX_FILES } from '../inbox.ts';
import type { Mover } from '../mover.ts';
import { readOut } from '../read-out.ts';
import type { ValkeyStore } from './valkey-store.ts';

/** The publication of a firewall on the server. */
interface Held {
  /** Undefined: missing or incomplete. */
  readonly index: string | undefined;
  /** By path: the SHA-256 of each file, without peer.yaml and its signature. */
  readonly sums: ReadonlyMap<string, string>;
}

export class ValkeyMover implements Mover {
  readonly #world: Pick<World, 'files' | 'log'>;
  readonly #fleet: FleetConfig;
  readonly #inbox: Inbox;
  readonly #store: ValkeyStore;
  /** The own publication on the server; undefined until it is read. */
  #own: Held | undefined;
  /** By firewall: the publication that was written to `in` last. */
  readonly #taken = new Map<string, Held>();

  constructor(world: Pick<World, 'files' | 'log'>, fleet: FleetConfig, store: ValkeyStore) {
    this.#world = world;
    this.#fleet = fleet;
    this.#inbox = new Inbox(world.files, fleet.folder);
    this.#store = store;
  }

  /** Pushes the publication if it changed; false if `out` is incomplete. */
  async push(): Promise<boolean> {
    const published = await readOut(this.#world.files, this.#fleet.folder);
    if (published === undefined) return false;
    const head = published.get(PEER_FILE) ?? '';
    const index = sha256(head);
    const held = (this.#own ??= await this.#look());
    if (held.index === index) return true;
    // If it fails, the next push reads the state of the server again.
    this.#own = undefined;
    const sums = sumsIn(decodePeerFile(head));
    const isKnown = (path: string): boolean => sums.has(path) && sums.get(path) === held.sums.get(path);
    await this.#store.publish(this.#fleet.name, {
      index,
      texts: new Map(Array.from(published).filter(([path]) => !isKnown(path))),
      gone: [...held.sums.keys()].filter((path) => !sums.has(path)),
    });
    this.#own = { index, sums };
    return true;
  }

  /** Writes the publications of peers to `in/NAME`; pushes again what the server lost. */
  async fetch(): Promise<void> {
    const failures: unknown[] = [];
    const note = (error: unknown): number => failures.push(error);
    const peers = await this.#readPeers();
    const indexes = await this.#store.indexesOf(peers);
    // A bad publication does not keep the others from being taken in.
    for (const [place, name] of peers.entries()) await this.#hear(name, indexes[place]).catch(note);
    await this.#restore().catch(note);
    if (failures.length > 0) throw failures[0];
  }

  async #hear(name: string, index: string | Error | undefined): Promise<void> {
    if (index instanceof Error) throw new BanspoolError('refused', `${name}: ${messageOf(index)}`);
    // A missing index changes nothing.
    if (index !== undefined && index !== this.#taken.get(name)?.index) await this.#take(name);
  }

  /** Reads only the files that differ from the last ones. */
  async #take(name: string): Promise<void> {
    const before = this.#taken.get(name)?.sums ?? NOTHING.sums;
    const { signature, head } = await this.#store.headsOf(name);
    const named = decodePeerFile(head?.toString() ?? '')?.files ?? [];
    if (named.length > MAX_FILES)
      throw new BanspoolError('refused', `${name} publishes more than ${MAX_FILES} files`);
    const isKnown = ({ path, sha256 }: (typeof named)[number]): boolean => before.get(path) === sha256;
    const sums = new Map(named.filter(isKnown).map(({ path, sha256 }) => [path, sha256]));
    const wanted = named.filter((file) => !isKnown(file));
    for await (const [{ path, sha256 }, text] of this.#store.filesOf(name, wanted)) {
      await this.#inbox.write(name, path, text.toString());
      sums.set(path, sha256);
    }
    // peer.yaml names the others, and comes last.
    if (signature !== undefined) await this.#inbox.write(name, SIGNATURE_FILE, signature.toString());
    if (head !== undefined) await this.#inbox.write(name, PEER_FILE, head.toString());
    // The next fetch reads missing files again.
    const isWhole = head !== undefined && signature !== undefined && sums.size === named.length;
    this.#taken.set(name, { index: isWhole ? sha256(head) : undefined, sums });
  }

  /** Pushes all files again if the server lost one of them. */
  async #restore(): Promise<void> {
    const own = this.#own;
    if (own?.index === undefined) return;
    const { index, sums } = own;
    if (await this.#store.isThere(this.#fleet.name, { index, paths: pathsOf(sums) })) return;
    this.#own = undefined;
    this.#world.log.warn('the hub lost what this firewall published; it is published again');
    await this.push();
  }

  /** The publication of this firewall on the server. */
  async #look(): Promise<Held> {
    const { name } = this.#fleet;
    const { head } = await this.#store.headsOf(name);
    const peer = decodePeerFile(head?.toString() ?? '');
    if (head === undefined || peer === undefined) return NOTHING;
    const [index, sums] = [sha256(head), sumsIn(peer)];
    const isWhole = await this.#store.isThere(name, { index, paths: pathsOf(sums) });
    return isWhole ? { index, sums } : NOTHING;
  }

  /** The peers in the policy, from peers.json. */
  async #readPeers(): Promise<readonly string[]> {
    const path = join(this.#fleet.folder, 'out', PEER_LIST);
    const text = await this.#world.files.readAtMost(path, MAX_PEER_LIST_BYTES);
    return decodePeerList(text ?? '').filter((name) => name !== this.#fleet.name);
  }
}

const NOTHING: Held = { index: undefined, sums: new Map() };

function sumsIn(peer: PeerFile | undefined): ReadonlyMap<string, string> {
  return new Map((peer?.files ?? []).map(({ path, sha256 }) => [path, sha256]));
}

function pathsOf(sums: ReadonlyMap<string, string>): readonly string[] {
  return [...sums.keys(), ...HEADS];
}
