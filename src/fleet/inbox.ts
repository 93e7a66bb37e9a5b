/**
 * Reads `in/NAME`, the publication of one peer. The program that carried it needs no trust: this class reads no file
 * that the peer's key did not sign, that differs from peer.yaml, or that is too large. In: the folder, the key, and the
 * hashes of the files that were taken in before. Out: lines, and the trouble with the other files. It remembers
 * nothing.
 */
import { join } from 'node:path';
import type { PublicKey } from '../domain/public-key.ts';
import { decodeOwnClaims } from '../ledger/store/codec.ts';
import { messageOf } from '../system/error.ts';
import type { Files } from '../system/files/files.ts';
import { sha256 as sha256Of } from '../system/sha256.ts';
import type { ToldFile } from './accept.ts';
import {
  decodePeerFile,
  MAX_PEER_FILE_BYTES,
  MAX_PUBLISHED_BYTES,
  MAX_SIGNATURE_BYTES,
  PEER_FILE,
  SIGNATURE_FILE,
  type PeerFile,
} from './peer-file.ts';
import type { PeerTrouble } from './peer-problems.ts';
import { isSignedBy } from './ssh-signature.ts';

/**
 * The most bytes of one reading, about 200,000 claims. A peer may publish 2 GiB, which would take all memory, and delay
 * the bans of servers for half a minute.
 */
const MAX_BYTES_AT_ONCE = 32 * 1024 * 1024;

/** No file has this stamp, so the file counts as changed. */
const NOT_READ = 'not read';

const HEADS = [PEER_FILE, SIGNATURE_FILE];

interface TakenFile extends ToldFile {
  readonly sha256: string;
}

/** The result of reading the files that peer.yaml names. */
interface ReadFiles {
  /** The files that were read now. */
  readonly told: readonly TakenFile[];
  /** The first file that does not match peer.yaml, or that was left for the next reading, with its stamp. */
  readonly lacking: { readonly path: string; readonly stamp: string | undefined } | undefined;
  readonly trouble: PeerTrouble | undefined;
}

export class Inbox {
  readonly #files: Files;
  readonly #folder: string;

  constructor(files: Files, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** The stamp of peer.yaml and its signature; undefined if both are missing. */
  stamp(): string | undefined {
    const stamps = HEADS.map((name) => this.stampOf(name));
    return stamps.some((stamp) => stamp !== undefined) ? stamps.join(' ') : undefined;
  }

  /** The stamp of a file. If stat fails, the reading reports the error. */
  stampOf(path: string): string | undefined {
    try {
      return this.#files.stamp(join(this.#folder, path));
    } catch (error) {
      return messageOf(error);
    }
  }

  /** When peer.yaml or its signature was last written, in milliseconds since 1970. */
  modified(): number {
    return Math.max(...HEADS.map((name) => this.#files.modified(join(this.#folder, name)) ?? 0));
  }

  /** When peer.yaml arrived, in milliseconds since 1970; undefined if it is missing. */
  arrived(): number | undefined {
    return this.#files.changed(join(this.#folder, PEER_FILE));
  }

  /** Reads peer.yaml, if the peer signed it with the key. */
  async readPeerFile(peer: string, key: PublicKey): Promise<PeerFile | PeerTrouble> {
    const text = await this.#read(PEER_FILE, MAX_PEER_FILE_BYTES);
    if (text === undefined) return { code: 'missing' };
    const signature = (await this.#read(SIGNATURE_FILE, MAX_SIGNATURE_BYTES)) ?? '';
    if (!isSignedBy({ text, signature, key })) return { code: 'bad-signature' };
    const file = decodePeerFile(text);
    if (file === undefined) return { code: 'damaged', path: PEER_FILE };
    return file.name === peer ? file : { code: 'other-name', name: file.name };
  }

  /**
   * Reads the files that changed since they were taken in: `taken` has the SHA-256 of each, by path. It leaves files
   * beyond MAX_BYTES_AT_ONCE for the next reading, as if they had not arrived yet.
   */
  async readFiles({ files }: PeerFile, taken: ReadonlyMap<string, string>): Promise<ReadFiles> {
    const told: TakenFile[] = [];
    let lacking: ReadFiles['lacking'];
    let trouble: PeerTrouble | undefined;
    let left = MAX_BYTES_AT_ONCE;
    for (const { path, bytes, sha256 } of files) {
      if (taken.get(path) === sha256) continue;
      if (bytes > left) {
        lacking = { path, stamp: NOT_READ };
        trouble = { code: 'incomplete', path };
        break;
      }
      const stamp = this.stampOf(path);
      const text = await this.#read(path, Math.min(bytes, MAX_PUBLISHED_BYTES));
      if (text === undefined || sha256Of(text) !== sha256) {
        lacking ??= { path, stamp };
        trouble = { code: 'incomplete', path };
        continue;
      }
      const lines = decodeOwnClaims(text);
      if (lines === undefined) trouble ??= { code: 'damaged', path };
      else {
        told.push({ path, sha256, lines });
        left -= bytes;
      }
    }
    return { told, lacking, trouble };
  }

  /** Undefined if the file is missing or larger. */
  async #read(path: string, most: number): Promise<string | undefined> {
    return this.#files.readAtMost(join(this.#folder, path), most);
  }
}
