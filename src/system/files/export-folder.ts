/**
 * The folder of exports: files that anybody may read, each replaced whole. A note beside them names those that are
 * ours, and is written ahead of them: no other file there is ever written over or removed, and no link is followed.
 */
import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BanspoolError, errnoOf } from '../error.ts';
import { readPlain } from './read-regular.ts';

/** Receivers, and the web servers that hand files on to them, are other accounts. */
const MODE = 0o644;
const FOLDER_MODE = 0o755;

/** No export begins with a dot. */
const NOTE = '.written-by-banspool';

const MOST_NOTE_BYTES = 1024 * 1024;

/** By which a file that somebody touched is known. */
export interface Written {
  readonly bytes: number;
  /** Of its last change, in milliseconds since 1970. */
  readonly changedAt: number;
}

export class ExportFolder {
  readonly #folder: string;
  #ours: ReadonlySet<string> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  path(file: string): string {
    return join(this.#folder, file);
  }

  /** Undefined where there is no plain file of that name. */
  async look(file: string): Promise<Written | undefined> {
    const stat = await lstat(this.path(file)).catch(ifMissing);
    return stat?.isFile() === true ? { bytes: stat.size, changedAt: stat.mtimeMs } : undefined;
  }

  /** Replaces the file whole, unless it holds these bytes already; throws where there is one that is not ours. */
  async write(file: string, text: Buffer): Promise<Written> {
    await this.#claim(file);
    const held = await readPlain(this.path(file), text.length).catch(ifMissing);
    if (held?.equals(text) !== true) await this.#replace(file, text);
    const written = await this.look(file);
    if (written === undefined) throw new BanspoolError('io', `${this.path(file)} is not a plain file`);
    return written;
  }

  /** Removes all other files of ours; what is no plain file any more stays. */
  async keepOnly(files: readonly string[]): Promise<void> {
    const others = [...(await this.#readOurs())].filter((file) => !files.includes(file));
    if (others.length === 0) return;
    for (const file of others) {
      if ((await this.look(file)) !== undefined) await rm(this.path(file), { force: true });
      // What a killed controller left.
      await rm(this.#temporary(file), { force: true });
    }
    await this.#writeNote([...(await this.#readOurs())].filter((file) => !others.includes(file)));
  }

  #temporary(file: string): string {
    return this.path(`.${file}.tmp`);
  }

  async #claim(file: string): Promise<void> {
    const ours = await this.#readOurs();
    if (ours.has(file)) return;
    if ((await lstat(this.path(file)).catch(ifMissing)) !== undefined)
      throw new BanspoolError('io', `${this.path(file)} is there, and banspool did not write it`, {
        hint: 'move it away, or name another file in policy.yaml',
      });
    await this.#writeNote([...ours, file]);
  }

  /** The files that were written here; none where there is no folder. */
  async #readOurs(): Promise<ReadonlySet<string>> {
    if (this.#ours !== undefined) return this.#ours;
    const note = await readPlain(this.path(NOTE), MOST_NOTE_BYTES).catch(ifMissing);
    const names = (note?.toString('utf8') ?? '').split('\n');
    this.#ours = new Set(names.filter((name) => /^[A-Za-z0-9][^/]*$/.test(name)));
    return this.#ours;
  }

  async #writeNote(files: readonly string[]): Promise<void> {
    if ((await mkdir(this.#folder, { recursive: true })) !== undefined)
      await chmod(this.#folder, FOLDER_MODE);
    await this.#replace(NOTE, Buffer.from(files.map((file) => `${file}\n`).join('')));
    this.#ours = new Set(files);
  }

  /** By a name that nobody else has; on disk before it is seen, since a power cut must lift no bans elsewhere. */
  async #replace(file: string, bytes: Buffer): Promise<void> {
    const temporary = this.#temporary(file);
    await rm(temporary, { force: true });
    try {
      const handle = await open(temporary, 'wx', MODE);
      try {
        await handle.writeFile(bytes);
        // Whatever the umask.
        await handle.chmod(MODE);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.path(file));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }
}

function ifMissing(error: unknown): undefined {
  if (errnoOf(error) === 'ENOENT') return undefined;
  throw error;
}
