/**
 * Files whose intents were enforced ahead of the pass that keeps them. They still lie in the spool, and the next
 * reading begins with them, so that no rule of theirs goes before they are in the state.
 */
import type { SpoolEntry } from '../../system/files/spool-files.ts';
import type { Sweep } from '../sweep.ts';

export interface AheadFile {
  readonly server: string;
  readonly entry: SpoolEntry;
  /** In milliseconds since 1970. */
  readonly enforcedAt: number;
}

export class Ahead {
  /** By SERVER/NAME. */
  readonly #files = new Map<string, AheadFile>();
  /** Those that the reading under way began with. */
  #read: readonly string[] = [];

  get files(): Iterable<AheadFile> {
    return this.#files.values();
  }

  get size(): number {
    return this.#files.size;
  }

  add(files: readonly AheadFile[]): void {
    for (const file of files) this.#files.set(placeOf(file), file);
  }

  /** What waits beside them; their servers are among those who have something to say. */
  without(waiting: Sweep['waiting']): Sweep['waiting'] {
    this.#read = [...this.#files.keys()];
    if (this.#files.size === 0) return waiting;
    const others = new Map(waiting);
    for (const server of new Set(Array.from(this.#files.values(), (file) => file.server))) {
      const entries = waiting.get(server) ?? [];
      const isOther = ({ name }: SpoolEntry): boolean => !this.#files.has(`${server}/${name}`);
      others.set(server, entries.filter(isOther));
    }
    return others;
  }

  /** Forgets those that the last reading began with: they are in the state, or wait with the others again. */
  forgetRead(): void {
    for (const place of this.#read) this.#files.delete(place);
    this.#read = [];
  }
}

function placeOf({ server, entry }: AheadFile): string {
  return `${server}/${entry.name}`;
}
