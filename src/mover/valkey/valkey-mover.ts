/**
 * Moves publications between the fleet's folder and a Valkey server, where each firewall has keys of its own. It trusts
 * nothing of what it moves: the controller checks it. The server may lose everything at any time: owners see it, and
 * publish again; what is not there lifts nothing.
 */
import { join } from 'node:path';
import type { FleetConfig } from '../../config/config.ts';
import { decodePeerFile, type PeerFile } from '../../fleet/peer-file.ts';
import { decodePeerList, MAX_PEER_LIST_BYTES, PEER_LIST } from '../../fleet/peer-list.ts';
import { BanspoolError, messageOf } from '../../system/error.ts';
import type { World } from '../../world/world.ts';
import { Inbox, MAX_FILES } from '../inbox.ts';
import type { Mover } from '../mover.ts';
import { readOut } from '../read-out.ts';
import { sumOf, type ValkeyStore } from './valkey-store.ts';

/** What a firewall has on the server. */
interface Held {
  /** Undefined: nothing that counts, or not all of it. */
  readonly index: string | undefined;
  /** By path: the SHA-256 of each file, without peer.yaml and its signature. */
  readonly sums: ReadonlyMap<string, string>;
}

export class ValkeyMover implements Mover {
  readonly #world: Pick<World, 'files' | 'log'>;
  readonly #fleet: FleetConfig;
  readonly #inbox: Inbox;
  readonly #store: ValkeyStore;
  /** Undefined until it was looked at. */
  #own: Held | undefined;
  /** By firewall: what was taken over last. */
  readonly #taken = new Map<string, Held>();

  constructor(world: Pick<World, 'files' | 'log'>, fleet: FleetConfig, store: ValkeyStore) {
    this.#world = world;
    this.#fleet = fleet;
    this.#inbox = new Inbox(world.files, fleet.folder);
    this.#store = store;
  }

  /** Brings what was published to the server, where that changed; false where it is not whole. */
  async push(): Promise<boolean> {
    const published = await readOut(this.#world.files, this.#fleet.folder);
    if (published === undefined) return false;
    const head = published.get('peer.yaml') ?? '';
    const index = sumOf(head);
    const held = (this.#own ??= await this.#look());
    if (held.index === index) return true;
    // Where it fails, what the server has is looked at anew.
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

  /** Puts what peers published where the controller looks; publishes again what the server lost. */
  async fetch(): Promise<void> {
    const failures: unknown[] = [];
    const note = (error: unknown): number => failures.push(error);
    const peers = await this.#readPeers();
    const indexes = await this.#store.indexesOf(peers);
    // What one of them published keeps nobody from hearing the others.
    for (const [place, name] of peers.entries()) await this.#hear(name, indexes[place]).catch(note);
    await this.#restore().catch(note);
    if (failures.length > 0) throw failures[0];
  }

  async #hear(name: string, index: string | Error | undefined): Promise<void> {
    if (index instanceof Error) throw new BanspoolError('refused', `${name}: ${messageOf(index)}`);
    // What is not there says nothing.
    if (index !== undefined && index !== this.#taken.get(name)?.index) await this.#take(name);
  }

  /** Only what differs from what was taken over before is read. */
  async #take(name: string): Promise<void> {
    const before = this.#taken.get(name)?.sums ?? NOTHING.sums;
    const { signature, head } = await this.#store.headsOf(name);
    const named = decodePeerFile(head?.toString() ?? '')?.files ?? [];
    if (named.length > MAX_FILES) throw new BanspoolError('refused', `${name} publishes too many files`);
    const isKnown = ({ path, sha256 }: (typeof named)[number]): boolean => before.get(path) === sha256;
    const sums = new Map(named.filter(isKnown).map(({ path, sha256 }) => [path, sha256]));
    const wanted = named.filter((file) => !isKnown(file));
    for await (const [{ path, sha256 }, text] of this.#store.filesOf(name, wanted)) {
      await this.#inbox.write(name, path, text.toString());
      sums.set(path, sha256);
    }
    // What names the others comes last.
    if (signature !== undefined) await this.#inbox.write(name, 'peer.yaml.sig', signature.toString());
    if (head !== undefined) await this.#inbox.write(name, 'peer.yaml', head.toString());
    // What is not there yet is looked for again.
    const isWhole = head !== undefined && signature !== undefined && sums.size === named.length;
    this.#taken.set(name, { index: isWhole ? sumOf(head) : undefined, sums });
  }

  /** Publishes again what the server has no more. */
  async #restore(): Promise<void> {
    const own = this.#own;
    if (own?.index === undefined) return;
    const { index, sums } = own;
    if (await this.#store.isThere(this.#fleet.name, { index, paths: pathsOf(sums) })) return;
    this.#own = undefined;
    this.#world.log.warn('the hub lost what this firewall published; it is published again');
    await this.push();
  }

  /** What the server has of this firewall. */
  async #look(): Promise<Held> {
    const { name } = this.#fleet;
    const { head } = await this.#store.headsOf(name);
    const peer = decodePeerFile(head?.toString() ?? '');
    if (head === undefined || peer === undefined) return NOTHING;
    const [index, sums] = [sumOf(head), sumsIn(peer)];
    const isWhole = await this.#store.isThere(name, { index, paths: pathsOf(sums) });
    return isWhole ? { index, sums } : NOTHING;
  }

  /** Whom the controller hears, as it wrote down. */
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
  return [...sums.keys(), 'peer.yaml.sig', 'peer.yaml'];
}
