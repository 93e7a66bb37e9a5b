/**
 * Files that the watches told of since the spool was last swept. What they say may be wrong, late or missing: it says
 * what to look at first, and a sweep finds the rest.
 */
import { join } from 'node:path';
import type { FoundEntry, SpoolFiles } from '../../system/files/spool-files.ts';
import { isDelivered } from '../sweep.ts';

interface HintedFile {
  readonly server: string;
  readonly entry: FoundEntry;
}

/** Where more come at once, a sweep is the shorter way to them. */
export const MOST_HINTS = 64;

export class Hints {
  readonly #spool: string;
  readonly #files: Pick<SpoolFiles, 'find'>;
  /** By SERVER/NAME. */
  readonly #heard = new Map<string, { readonly server: string; readonly name: Buffer }>();
  #areTooMany = false;

  constructor(spool: string, files: Pick<SpoolFiles, 'find'>) {
    this.#spool = spool;
    this.#files = files;
  }

  /** Something happened to this name in the server's folder. False where that is somebody's temporary file. */
  heard(server: string, name: Buffer): boolean {
    const text = name.toString('latin1');
    if (!isDelivered(text)) return false;
    const place = `${server}/${text}`;
    if (this.#heard.size >= MOST_HINTS && !this.#heard.has(place)) this.#areTooMany = true;
    else this.#heard.set(place, { server, name });
    return true;
  }

  /** Those that are there, of each server in the order of names, as a sweep has them; none where there are too many. */
  look(): readonly HintedFile[] {
    if (this.#areTooMany) return [];
    const found: HintedFile[] = [];
    for (const [place, { server, name }] of this.#heard) {
      const entry = this.#files.find(join(this.#spool, server), name);
      if (entry === undefined) this.#heard.delete(place);
      else found.push({ server, entry });
    }
    return found.sort((a, b) => (a.entry.name < b.entry.name ? -1 : 1));
  }

  /** Forgets all of it: a sweep finds what is there. */
  clear(): void {
    this.#heard.clear();
    this.#areTooMany = false;
  }
}
