import { brotliCompressSync, gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isDamaged, unpacked } from '../../../src/system/web/unpacked.ts';

const test = suite('a body without its compression');

const LIST = '203.0.113.0/24\n'.repeat(1000);

async function* inPieces(bytes: Uint8Array, length = 100): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield Promise.resolve(bytes.subarray(at, at + length));
}

async function whole(body: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body ?? []) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test('is what was compressed, by whatever encoding the server names', async () => {
  const plain = Buffer.from(LIST);

  assert.is(await whole(unpacked(inPieces(plain), '')), LIST);
  assert.is(await whole(unpacked(inPieces(plain), 'identity')), LIST);
  assert.is(await whole(unpacked(inPieces(gzipSync(plain)), 'GZIP')), LIST);
  assert.is(await whole(unpacked(inPieces(brotliCompressSync(plain)), 'br')), LIST);
  assert.is(unpacked(inPieces(plain), 'zstd'), undefined);
});

test('is unpacked too where the file itself is one of gzip', async () => {
  assert.is(await whole(unpacked(inPieces(gzipSync(LIST)), '')), LIST);
  assert.is(await whole(unpacked(inPieces(Buffer.alloc(0)), '')), '');
});

test('comes in small pieces, however much one of the server holds', async () => {
  const large = gzipSync(Buffer.alloc(8 * 1024 * 1024, '\n'));
  let most = 0;

  for await (const { byteLength } of unpacked(inPieces(large, large.length), 'gzip') ?? [])
    most = Math.max(most, byteLength);

  assert.ok(large.length < 10_000);
  assert.ok(most <= 64 * 1024, `${most}`);
});

test('throws where it is damaged, or ends too early', async () => {
  const [zipped, packed] = [gzipSync(LIST), brotliCompressSync(LIST)];

  for (const [encoding, bytes] of [
    ['gzip', Buffer.from(LIST)],
    ['gzip', zipped.subarray(0, -5)],
    ['', zipped.subarray(0, -5)],
    ['br', packed.subarray(0, -5)],
    ['br', Buffer.from('no brotli at all')],
  ] as const) {
    const error = await whole(unpacked(inPieces(bytes), encoding)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(isDamaged(error), `${encoding}: ${String(error)}`);
  }
  assert.not(isDamaged(new Error('no space left')));
});

test('throws what the server threw', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Promise.resolve(gzipSync(LIST).subarray(0, 50));
    throw new Error('the connection ended');
  }

  for (const encoding of ['gzip', '']) {
    const error = await whole(unpacked(failing(), encoding)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.is((error as Error).message, 'the connection ended');
  }
});

test.run();
