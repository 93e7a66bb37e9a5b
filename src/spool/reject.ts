/** Takes refused files out of the servers' reach, with the reason beside them, in a bounded room. */
import { join } from 'node:path';
import { messageOf } from '../system/error.ts';
import type { RejectedFile, RejectedFiles } from '../system/rejected-files.ts';
import type { SpoolEntry, SpoolFiles } from '../system/spool-files.ts';

/** DESIGN.md, section 3: what is kept of one server. */
const MAX_FILES = 1_000;
const MAX_BYTES = 16 * 1024 * 1024;

export interface Refused {
  readonly server: string;
  readonly name: string;
  readonly reason: string;
}

export interface RejectFolders {
  readonly spool: string;
  readonly rejected: string;
}

export class Rejector {
  readonly #folders: RejectFolders;
  readonly #spoolFiles: SpoolFiles;
  readonly #rejectedFiles: RejectedFiles;
  readonly #kept = new Map<string, RejectedFile[]>();
  /** Files that had to go from the rejected folder, by server. */
  readonly discarded = new Map<string, number>();

  constructor(folders: RejectFolders, spoolFiles: SpoolFiles, rejectedFiles: RejectedFiles) {
    this.#folders = folders;
    this.#spoolFiles = spoolFiles;
    this.#rejectedFiles = rejectedFiles;
  }

  /** Moves one file away. The reason goes first: a crash between leaves the file, and it is refused again. */
  reject(entry: SpoolEntry, { server, name, reason }: Refused, now: number): void {
    const folder = join(this.#folders.rejected, server);
    const kept = this.#keptOf(server);
    const path = this.#rejectedFiles.placeFor(folder, name);
    const text = `refused: ${new Date(now).toISOString()}\nfile: ${server}/${name}\nreason: ${reason}\n`;
    try {
      this.#rejectedFiles.writeReason(path, text);
      this.#spoolFiles.moveAway(join(this.#folders.spool, server), entry, path);
    } catch (error) {
      // Not a reason without its file: the next pass refuses it again.
      this.#rejectedFiles.discard(path);
      throw error;
    }
    let bytes = this.#rejectedFiles.measure(path);
    if (bytes > MAX_BYTES) {
      this.#rejectedFiles.discardContent(path);
      bytes = 0;
    }
    kept.push({ path, bytes: bytes + text.length, refusedAt: now });
    this.#makeRoom(server, kept);
  }

  /** How many refused files of this server are kept; none where that cannot be read. */
  count(server: string): number {
    return this.unreadable(server) === undefined ? this.#keptOf(server).length : 0;
  }

  /** Why what is kept of this server cannot be read; undefined where it can. */
  unreadable(server: string): string | undefined {
    try {
      this.#keptOf(server);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  #keptOf(server: string): RejectedFile[] {
    let kept = this.#kept.get(server);
    if (kept === undefined) {
      kept = [...this.#rejectedFiles.list(join(this.#folders.rejected, server))];
      this.#kept.set(server, kept);
    }
    return kept;
  }

  #makeRoom(server: string, kept: RejectedFile[]): void {
    let bytes = kept.reduce((sum, file) => sum + file.bytes, 0);
    while (kept.length > MAX_FILES || bytes > MAX_BYTES) {
      const oldest = kept.shift();
      if (oldest === undefined) return;
      bytes -= oldest.bytes;
      this.#rejectedFiles.discard(oldest.path);
      this.discarded.set(server, (this.discarded.get(server) ?? 0) + 1);
    }
  }
}
