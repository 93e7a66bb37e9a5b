/**
 * The last good content of what a source reads, kept on disk. A source that takes it where its file cannot be read
 * keeps its promise, that no ban ends for an unreadable file, also across restarts and boots: whoever reads next, a
 * controller that starts or a command, goes on from what was read last. A copy that is cut off or damaged is none.
 */
import { dirname } from 'node:path';
import type { Files } from '../system/files/files.ts';
import { sha256 } from '../system/sha256.ts';

type Needs = Pick<Files, 'readBytes' | 'writeBytes' | 'remove' | 'makeFolder' | 'syncFolder'>;

export class LastGood {
  readonly #files: Needs;
  readonly #path: string;

  constructor(files: Needs, path: string) {
    this.#files = files;
    this.#path = path;
  }

  /** What was kept last; undefined where nothing was, or it cannot be read any more. */
  async read(): Promise<Uint8Array | undefined> {
    const bytes = await this.#files.readBytes(this.#path).catch(() => undefined);
    if (bytes === undefined) return undefined;
    const behind = HEAD.length + HASH_LENGTH + 1;
    const head = Buffer.from(bytes.subarray(0, behind)).toString('latin1');
    const content = bytes.subarray(behind);
    return head === headOf(content) ? content : undefined;
  }

  /** Keeps this from now on. To be called by whoever holds the state's lock, since there is one temporary file. */
  async keep(content: Uint8Array): Promise<void> {
    const folder = dirname(this.#path);
    await this.#files.makeFolder(folder, FOLDER_MODE);
    await this.#files.writeBytes(this.#path, Buffer.concat([Buffer.from(headOf(content)), content]));
    await this.#files.syncFolder(folder);
  }

  /** Keeps nothing any more. */
  async forget(): Promise<void> {
    await this.#files.remove(this.#path);
  }
}

/** Only its owner writes there. */
const FOLDER_MODE = 0o755;

/** The version of the form, then the hash of what follows it. */
const HEAD = 'banspool last good 1 sha256 ';
const HASH_LENGTH = 64;

function headOf(content: Uint8Array): string {
  return `${HEAD}${sha256(content)}\n`;
}
