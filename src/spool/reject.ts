/** Takes refused files out of the servers' reach, with the reason beside them, in a bounded room. */
import { join } from 'node:path';
import type { Refusal } from '../domain/refusals.ts';
import { messageOf } from '../system/error.ts';
import type { RejectedFile, RejectedFiles } from '../system/files/rejected-files.ts';
import { formatReason, parseReason } from './reason-file.ts';
import type { SpoolEntry, SpoolFiles } from '../system/files/spool-files.ts';

/** SPEC.md, section 3: what is kept of one server. */
const MAX_FILES = 1_000;
const MAX_BYTES = 16 * 1024 * 1024;

export interface Refused {
  readonly server: string;
  readonly name: string;
  readonly refusal: Refusal;
}

interface RejectFolders {
  readonly spool: string;
  readonly rejected: string;
}

/** Of one server, oldest first, as it was when the folder had that stamp. */
interface Kept {
  readonly files: RejectedFile[];
  readonly stamp: string | undefined;
}

export class Rejector {
  readonly #folders: RejectFolders;
  readonly #spoolFiles: SpoolFiles;
  readonly #rejectedFiles: RejectedFiles;
  readonly #kept = new Map<string, Kept>();
  /** Files that had to go from the rejected folder, by server. */
  readonly discarded = new Map<string, number>();

  constructor(folders: RejectFolders, spoolFiles: SpoolFiles, rejectedFiles: RejectedFiles) {
    this.#folders = folders;
    this.#spoolFiles = spoolFiles;
    this.#rejectedFiles = rejectedFiles;
  }

  /** Moves one file away. The reason goes first: a crash between leaves the file, and it is refused again. */
  reject(entry: SpoolEntry, { server, name, refusal }: Refused, now: number): void {
    const folder = join(this.#folders.rejected, server);
    const { files: kept } = this.#keptOf(server);
    const path = this.#rejectedFiles.placeFor(folder, name);
    const text = formatReason({ server, name, refusal }, now);
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
    this.#kept.set(server, { files: kept, stamp: this.#rejectedFiles.stamp(folder) });
  }

  /** How many refused files of this server are kept; none where that cannot be read. */
  count(server: string): number {
    return this.#filesOf(server).length;
  }

  /** The last that was refused, of those that are kept. */
  newest(server: string): RejectedFile | undefined {
    return this.#filesOf(server).at(-1);
  }

  /** Why it was refused. */
  reasonOf(path: string): Pick<ReturnType<typeof parseReason>, 'code' | 'reason'> {
    return parseReason(this.#rejectedFiles.readReason(path) ?? '');
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

  #filesOf(server: string): readonly RejectedFile[] {
    try {
      return this.#keptOf(server).files;
    } catch {
      // It is a condition of its own.
      return [];
    }
  }

  /** Listed anew when somebody else changed the folder: who has read what was refused takes it away. */
  #keptOf(server: string): Kept {
    const folder = join(this.#folders.rejected, server);
    const stamp = this.#rejectedFiles.stamp(folder);
    const known = this.#kept.get(server);
    if (known !== undefined && known.stamp === stamp) return known;
    const kept = { files: [...this.#rejectedFiles.list(folder)], stamp };
    this.#kept.set(server, kept);
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
