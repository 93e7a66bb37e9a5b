/** Writes the publications of other firewalls to `in/NAME`, where the controller reads them. */
import { dirname, join } from 'node:path';
import { isPublishedPath, PEER_FILE, SIGNATURE_FILE } from '../fleet/peer-file.ts';
import { BanspoolError } from '../system/error.ts';
import type { World } from '../world/world.ts';

/** The most files of one firewall: more than 514 shards of IPv4 and IPv6, peer.yaml, its signature and lifts. */
export const MAX_FILES = 600;

/** The most firewalls: a hub that was taken over may have any number, and each becomes a folder here. */
export const MAX_FIREWALLS = 1_000;

/** These are written last, in this order: peer.yaml names all other files. */
export const HEADS: readonly string[] = [SIGNATURE_FILE, PEER_FILE];

/** True for the path of a file that a firewall can publish. */
export function isCarriedPath(path: string): boolean {
  return HEADS.includes(path) || isPublishedPath(path);
}

/** The files in the order in which they have to be written. */
export function inOrder<T extends { readonly path: string }>(files: readonly T[]): readonly T[] {
  const rank = ({ path }: T): number => HEADS.indexOf(path);
  return [...files].sort((a, b) => rank(a) - rank(b));
}

type Needs = Pick<World['files'], 'makeFolder' | 'names' | 'stamp' | 'write'>;

export class Inbox {
  readonly #files: Needs;
  readonly #folder: string;
  readonly #most: number;

  /** `folder` is the folder of the fleet; at most `most` firewalls get a folder in it. */
  constructor(files: Needs, folder: string, most = MAX_FIREWALLS) {
    this.#files = files;
    this.#folder = join(folder, 'in');
    this.#most = most;
  }

  /** Writes a file of the firewall `name`; throws if there are too many other firewalls. */
  async write(name: string, path: string, text: string): Promise<void> {
    await this.#requireRoom(name);
    const target = join(this.#folder, name, path);
    await this.#files.makeFolder(dirname(target));
    await this.#files.write(target, text);
  }

  async #requireRoom(name: string): Promise<void> {
    if (this.#files.stamp(join(this.#folder, name)) !== undefined) return;
    const { length } = await this.#files.names(this.#folder);
    if (length < this.#most) return;
    const why = `${this.#folder} has ${length} folders, the limit: ${name} is not taken in; remove those of unknown firewalls`;
    throw new BanspoolError('refused', why);
  }
}
