/**
 * The keys of firewalls on a Valkey server: `banspool:NAME:PATH` is a file, deflated, and `banspool:NAME:index` the
 * SHA-256 of its peer.yaml, which names all others. It reads and inflates at most the bytes that a file may have.
 */
import { deflateSync, inflateSync } from 'node:zlib';
import {
  MAX_PEER_FILE_BYTES,
  MAX_SIGNATURE_BYTES,
  PEER_FILE,
  SIGNATURE_FILE,
  type PublishedFile,
} from '../../fleet/peer-file.ts';
import { BanspoolError, messageOf } from '../../system/error.ts';
import { sha256 } from '../../system/sha256.ts';
import type { Command, Reply, ValkeyConnection } from '../../system/valkey.ts';
import { HEADS } from '../inbox.ts';

/** A message is the name of the firewall that published: it only says "fetch". */
export const BELL = 'banspool:bell';

/** The characters of a SHA-256 in hex. */
const INDEX_LENGTH = 64;

/** The most bytes that are sent or requested at once. */
const INDEXES_AT_ONCE = 100;
const BYTES_AT_ONCE = 1024 * 1024;

interface Publication {
  readonly index: string;
  /** The files, with peer.yaml and its signature. */
  readonly paths: readonly string[];
}

interface Change {
  readonly index: string;
  /** The files by path, including peer.yaml and its signature. */
  readonly texts: ReadonlyMap<string, string>;
  readonly gone: readonly string[];
}

export class ValkeyStore {
  /** The open connection, or a new one. */
  readonly #connect: () => Promise<Pick<ValkeyConnection, 'ask'>>;

  constructor(connect: () => Promise<Pick<ValkeyConnection, 'ask'>>) {
    this.#connect = connect;
  }

  /** The index of each name: an error if the server refuses it, undefined if it is missing. */
  async indexesOf(names: readonly string[]): Promise<readonly (string | Error | undefined)[]> {
    const replies: Reply[] = [];
    for (let at = 0; at < names.length; at += INDEXES_AT_ONCE) {
      const some = names.slice(at, at + INDEXES_AT_ONCE);
      replies.push(...(await this.#ask(some.map((name) => getAtMost(name, 'index', INDEX_LENGTH)))));
    }
    return replies.map((reply) => (reply instanceof Error ? reply : indexIn(reply)));
  }

  /** peer.yaml and its signature, read in one transaction. */
  async headsOf(name: string): Promise<{ signature: Buffer | undefined; head: Buffer | undefined }> {
    const replies = await this.#transact([
      getAtMost(name, SIGNATURE_FILE, packedMost(MAX_SIGNATURE_BYTES)),
      getAtMost(name, PEER_FILE, packedMost(MAX_PEER_FILE_BYTES)),
    ]);
    return {
      signature: textIn(replies[0], MAX_SIGNATURE_BYTES),
      head: textIn(replies[1], MAX_PEER_FILE_BYTES),
    };
  }

  /** The files whose SHA-256 is as named. */
  async *filesOf(
    name: string,
    wanted: readonly PublishedFile[],
  ): AsyncGenerator<readonly [file: PublishedFile, text: Buffer]> {
    for (const some of inBatches(wanted, ({ bytes }) => bytes)) {
      const replies = await this.#ask(
        some.map(({ path, bytes }) => getAtMost(name, path, packedMost(bytes))),
      );
      for (const [place, file] of some.entries()) {
        const text = textIn(replies[place], file.bytes);
        if (text !== undefined && sha256(text) === file.sha256) yield [file, text];
      }
    }
  }

  /** True if all keys of the publication exist. */
  async isThere(name: string, { index, paths }: Publication): Promise<boolean> {
    const [there, count] = await this.#all([
      getAtMost(name, 'index', INDEX_LENGTH),
      ['EXISTS', ...paths.map((path) => keyOf(name, path))],
    ]);
    return indexIn(there) === index && count === paths.length;
  }

  /** Writes the files in portions; the last transaction has peer.yaml, its signature and the index. */
  async publish(name: string, { index, texts, gone }: Change): Promise<void> {
    const files = Array.from(texts).filter(([path]) => !isHead(path));
    const packed = files.map(([path, text]) => [path, deflateSync(text)] as const);
    const batches = [...inBatches(packed, ([, value]) => value.length)];
    const set = ([path, value]: readonly [string, Buffer]): Command => ['SET', keyOf(name, path), value];
    for (const some of batches.slice(0, -1)) await this.#transact(some.map(set));
    await this.#transact([
      ...(batches.at(-1) ?? []).map(set),
      ...HEADS.map((path) => set([path, deflateSync(texts.get(path) ?? '')])),
      ['SET', keyOf(name, 'index'), index],
      ...(gone.length === 0 ? [] : [['DEL', ...gone.map((path) => keyOf(name, path))] as const]),
      ['PUBLISH', BELL, name],
    ]);
  }

  async #ask(commands: readonly Command[]): Promise<readonly Reply[]> {
    return (await this.#connect()).ask(commands);
  }

  /** Throws if the server refuses a command. */
  async #all(commands: readonly Command[]): Promise<readonly Reply[]> {
    const replies = await this.#ask(commands);
    const refusal = replies.find((reply) => reply instanceof Error);
    if (refusal === undefined) return replies;
    throw new BanspoolError('refused', messageOf(refusal));
  }

  /** Runs the commands in one transaction. */
  async #transact(commands: readonly Command[]): Promise<readonly Reply[]> {
    const done = (await this.#all([['MULTI'], ...commands, ['EXEC']])).at(-1);
    return Array.isArray(done) ? (done as readonly Reply[]) : [];
  }
}

function isHead(path: string): boolean {
  return HEADS.includes(path);
}

function keyOf(name: string, path: string): string {
  return `banspool:${name}:${path}`;
}

/** The command that reads a key up to the limit. */
function getAtMost(name: string, path: string, bytes: number): Command {
  return ['GETRANGE', keyOf(name, path), 0, bytes - 1];
}

/** The most bytes that a text of this size has when it is deflated. */
function packedMost(bytes: number): number {
  return bytes + Math.ceil(bytes / 1000) + 64;
}

function indexIn(reply: Reply | undefined): string | undefined {
  const text = Buffer.isBuffer(reply) ? reply.toString('latin1') : '';
  return /^[0-9a-f]{64}$/.test(text) ? text : undefined;
}

/** The inflated text; undefined if it is missing, malformed or too large. */
function textIn(reply: Reply | undefined, most: number): Buffer | undefined {
  if (!Buffer.isBuffer(reply) || reply.length === 0) return undefined;
  try {
    return inflateSync(reply, { maxOutputLength: most });
  } catch {
    return undefined;
  }
}

/** Splits the files, in their order, into portions of at most this many bytes. */
function* inBatches<T>(all: readonly T[], bytesOf: (each: T) => number): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const each of all) {
    if (batch.length > 0 && bytes + bytesOf(each) > BYTES_AT_ONCE) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(each);
    bytes += bytesOf(each);
  }
  if (batch.length > 0) yield batch;
}
