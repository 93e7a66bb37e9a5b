/** What another firewall published, where the controller looks for it: `in/NAME`. */
import { dirname, join } from 'node:path';
import { isPublishedPath } from '../fleet/peer-file.ts';
import type { World } from '../world/world.ts';

/** Of one firewall: above 514 shards of IPv4 and IPv6, with peer.yaml, its signature and lifts. */
export const MAX_FILES = 600;

/** In this order: peer.yaml, which names the others, comes last. */
const HEADS = ['peer.yaml.sig', 'peer.yaml'];

/** True for the path of a file that a firewall can publish. */
export function isCarriedPath(path: string): boolean {
  return HEADS.includes(path) || isPublishedPath(path);
}

/** As they are to be written. */
export function inOrder<T extends { readonly path: string }>(files: readonly T[]): readonly T[] {
  const rank = ({ path }: T): number => HEADS.indexOf(path);
  return [...files].sort((a, b) => rank(a) - rank(b));
}

export class Inbox {
  readonly #files: Pick<World['files'], 'makeFolder' | 'write'>;
  readonly #folder: string;

  /** `folder` is that of the fleet. */
  constructor(files: Pick<World['files'], 'makeFolder' | 'write'>, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** Writes a file of the firewall `name`. */
  async write(name: string, path: string, text: string): Promise<void> {
    const target = join(this.#folder, 'in', name, path);
    await this.#files.makeFolder(dirname(target));
    await this.#files.write(target, text);
  }
}
