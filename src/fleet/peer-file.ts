/**
 * peer.yaml: the list of the files that a firewall published. It is signed, and has the SHA-256 of each file, so that
 * the signature covers all of them. It is JSON, which is also YAML; no other YAML is accepted.
 */
import * as v from 'valibot';
import { SERVER_NAME } from '../domain/names.ts';
import { isShardName } from '../claims/state.ts';
import { readJson } from '../yaml/read-json.ts';
import { isoTime, parseUtc } from '../yaml/time.ts';

export interface PeerFile {
  /** The name of the firewall that published it. */
  readonly name: string;
  /** Grows with each publication. */
  readonly sequence: number;
  /** In milliseconds since 1970. */
  readonly published: number;
  readonly files: readonly PublishedFile[];
}

export interface PublishedFile {
  /** Such as `ipv4/203.yaml`. */
  readonly path: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
  /** The sequence with which this text was first published: a peer that took it in need not read it again. */
  readonly since?: number | undefined;
}

/** The file itself, and the signature of its text. */
export const PEER_FILE = 'peer.yaml';
export const SIGNATURE_FILE = 'peer.yaml.sig';

/** The most bytes of each; 514 files of at most 160 bytes a line. */
export const MAX_PEER_FILE_BYTES = 128 * 1024;
export const MAX_SIGNATURE_BYTES = 16 * 1024;

/** The file of the operator's lifts, beside the shards. */
export const LIFTS_FILE = 'lifts.yaml';

const FORMAT = 1;

/** The most bytes of one file: more than 20,000 claims in one shard. */
export const MAX_PUBLISHED_BYTES = 4 * 1024 * 1024;

/** The text of the file. */
export function encodePeerFile({ name, sequence, published, files }: PeerFile): string {
  const head = { format: FORMAT, name, sequence, published: isoTime(published) };
  const fields = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`,
  );
  const lines = files.map((file) => `    ${JSON.stringify(file)}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n${fields.join('')}  "files": ${list}\n}\n`;
}

/** Reads a text of {@link encodePeerFile}; undefined for any other text. */
export function decodePeerFile(text: string): PeerFile | undefined {
  return readJson(schema, text);
}

const sequenceSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const schema = v.pipe(
  v.object({
    format: v.literal(FORMAT),
    name: v.pipe(v.string(), v.regex(SERVER_NAME)),
    sequence: sequenceSchema,
    published: v.pipe(
      v.string(),
      v.rawTransform(({ dataset, addIssue, NEVER }): number => {
        const time = parseUtc(dataset.value);
        if (time !== undefined) return time;
        addIssue({ message: 'no time' });
        return NEVER;
      }),
    ),
    files: v.array(
      v.object({
        path: v.pipe(v.string(), v.check(isPublishedPath)),
        bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_PUBLISHED_BYTES)),
        sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
        since: v.optional(sequenceSchema),
      }),
    ),
  }),
  v.check(({ files }) => new Set(files.map(({ path }) => path)).size === files.length),
  v.transform(({ name, sequence, published, files }): PeerFile => ({ name, sequence, published, files })),
);

/** True for the path of a file that peer.yaml may name. */
export function isPublishedPath(path: string): boolean {
  return path === LIFTS_FILE || (path.endsWith('.yaml') && isShardName(path.slice(0, -'.yaml'.length)));
}
