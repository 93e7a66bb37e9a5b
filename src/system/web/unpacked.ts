/**
 * The body of an answer as it was before the server compressed it. In: pieces of the body, and the encoding that its
 * headers name. Out: pieces of at most some 64 KiB, however small what they come from. A body that begins as a file of
 * gzip does is unpacked too: some lists are published as such files. Damaged data throws while it is read.
 */
import { Readable, pipeline, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';

type Pieces = AsyncIterable<Uint8Array>;

/** What {@link unpacked} knows, for the header of a request. */
export const ENCODINGS = 'gzip, br';

/** Undefined for an encoding that it does not know. */
export function unpacked(body: Pieces, encoding: string): Pieces | undefined {
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return unpackedFile(body);
    case 'gzip':
    case 'x-gzip':
      return through(body, zlib.createGunzip());
    case 'br':
      return through(body, zlib.createBrotliDecompress());
    default:
      return undefined;
  }
}

/** Whether it says that compressed data is damaged, or ends too early. */
export function isDamaged(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && /^(?:Z_|ERR__ERROR_|ERR_BROTLI)/.test(code);
}

const GZIP = [0x1f, 0x8b] as const;

async function* unpackedFile(body: Pieces): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return;
  const whole = restOf(first.value, pieces);
  yield* first.value[0] === GZIP[0] && first.value[1] === GZIP[1]
    ? through(whole, zlib.createGunzip())
    : whole;
}

async function* restOf(first: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}

function through(body: Pieces, decoder: Transform): Pieces {
  // What stops one of them is thrown by who reads the other.
  pipeline(Readable.from(body), decoder, () => undefined);
  return decoder as AsyncIterable<Buffer>;
}
