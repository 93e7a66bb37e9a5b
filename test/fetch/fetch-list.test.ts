import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fetchList, type Fetched } from '../../src/fetch/fetch-list.ts';
import type { Limits } from '../../src/fetch/follow.ts';
import type { Order } from '../../src/fetch/orders.ts';
import type { FetchedNote } from '../../src/lists/fetched-note.ts';
import { sha256 } from '../../src/system/sha256.ts';
import { Fetcher, LIMITS, NOON, orderOf } from '../support/fetcher.ts';
import { makeCertificate, WebServer } from '../support/web-server.ts';

const test = suite('a list from the network');

const [LIST, NEXT] = ['203.0.113.0/24\n', '198.51.100.0/24\n'];

interface Options {
  readonly note?: FetchedNote;
  readonly limits?: Partial<Limits>;
  readonly order?: Partial<Order>;
}

/** One list, and the file that it belongs into. */
class Bench extends Fetcher {
  readonly path = join(this.folder, 'drop');

  async fetch(url: string, { note, limits, order }: Options = {}): Promise<Fetched> {
    const task = {
      note,
      path: this.path,
      limits: { ...LIMITS, ...limits },
      signal: new AbortController().signal,
    };
    return fetchList({ ...this.needs, now: () => this.now }, { ...task, order: orderOf(url, order) });
  }

  content(): string | undefined {
    return existsSync(this.path) ? readFileSync(this.path, 'utf8') : undefined;
  }
}

test('is in its place when it has come whole, with a note of it', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response) =>
    response.writeHead(200, { etag: '"1"', 'last-modified': 'Fri, 01 Jan 2027 10:00:00 GMT' }).end(LIST),
  );

  const { kind, note } = await bench.fetch(server.url('/drop.txt?key=secret'));

  assert.equal([kind, bench.content()], ['new', LIST]);
  assert.equal([note.etag, note.lastModified], ['"1"', 'Fri, 01 Jan 2027 10:00:00 GMT']);
  assert.equal([note.bytes, note.sha256, note.failures, note.error], [15, sha256(LIST), 0, null]);
  assert.equal([note.fetchedAt, note.confirmedAt, note.triedAt], [NOON, NOON, NOON]);
  assert.is(note.nextTry, NOON + 12 * 3_600_000);
  assert.not.match(JSON.stringify(note), 'secret');
  assert.is(server.asked[0]?.headers['user-agent'], 'banspool/1.2.3');
});

test('is asked for only if it is another one, and is confirmed where it is none', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response) => response.writeHead(200, { etag: '"1"' }).end(LIST));
  const { note } = await bench.fetch(server.url());
  server.answer = (response) => response.writeHead(304).end();
  bench.now += 3_600_000;

  const second = await bench.fetch(server.url(), { note });

  assert.is(server.asked[1]?.headers['if-none-match'], '"1"');
  assert.is(second.kind, 'same');
  assert.equal(second.note, {
    ...note,
    confirmedAt: bench.now,
    triedAt: bench.now,
    nextTry: bench.now + 43_200_000,
  });
  assert.is(bench.content(), LIST);
});

test('that its server sends again, though it is the same, is not written again', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response) => response.end(LIST));
  const { note } = await bench.fetch(server.url());
  rmSync(bench.path);

  const second = await bench.fetch(server.url(), { note });

  assert.equal([second.kind, bench.content()], ['same', undefined]);
  assert.equal(readdirSync(bench.folder), []);
});

test('replaces the one before', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response) => response.end(LIST));
  const { note } = await bench.fetch(server.url());
  server.answer = (response) => response.end(NEXT);
  bench.now += 1000;

  const second = await bench.fetch(server.url(), { note });

  assert.equal([second.kind, second.note.fetchedAt, bench.content()], ['new', NOON + 1000, NEXT]);
});

test('may be compressed, by the server or as a file', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response, { headers }) => {
    assert.match(String(headers['accept-encoding']), 'gzip');
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(LIST));
  });
  await bench.fetch(server.url());
  assert.is(bench.content(), LIST);

  server.answer = (response) =>
    response.writeHead(200, { 'content-type': 'application/gzip' }).end(gzipSync(NEXT));
  await bench.fetch(server.url('/drop.txt.gz'));

  assert.is(bench.content(), NEXT);
});

test('comes over https from a server whose certificate people named', async () => {
  using bench = new Bench();
  const certificate = await makeCertificate();
  using server = await WebServer.open((response) => response.end(LIST), certificate);

  const unknown = await bench.fetch(server.url());
  const known = await bench.fetch(server.url(), { order: { ca: certificate.cert } });

  assert.equal([unknown.note.error?.code, known.kind, bench.content()], ['unreachable', 'new', LIST]);
});

type Answer = (response: ServerResponse) => void;

/** What a server may do instead, and what is said of it. */
const FAILURES: readonly (readonly [what: string, answer: Answer, code: string])[] = [
  ['no such file', (response) => response.writeHead(404).end(LIST), 'status'],
  ['a part', (response) => response.writeHead(206).end(LIST), 'status'],
  ['no change, unasked', (response) => response.writeHead(304).end(), 'status'],
  [
    'a page',
    (response) => response.writeHead(200, { 'content-type': 'Text/HTML; charset=utf-8' }).end(LIST),
    'html',
  ],
  ['a page by another name', (response) => response.end(`<!doctype html>${LIST}`), 'html'],
  ['nothing', (response) => response.end(), 'empty'],
  ['words', (response) => response.end('quota exceeded\n'), 'no-entry'],
  ['an archive', (response) => response.end(Buffer.from([0x50, 0x4b, 3, 4])), 'not-text'],
  [
    'another encoding',
    (response) => response.writeHead(200, { 'content-encoding': 'zstd' }).end(LIST),
    'unknown-encoding',
  ],
  [
    'damaged gzip',
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(LIST),
    'damaged-encoding',
  ],
  [
    'too much, as it says',
    (response) => {
      response.writeHead(200, { 'content-length': '9999999' }).flushHeaders();
    },
    'too-large',
  ],
  ['too much', (response) => response.end(LIST.repeat(100_000)), 'too-large'],
  [
    'a part of its length',
    (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write(LIST);
      response.socket?.end();
    },
    'truncated',
  ],
  ['a redirect to nowhere', (response) => response.writeHead(302).end(), 'no-redirect-target'],
];

for (const [what, answer, code] of FAILURES) {
  test(`keeps the one before where its server sends ${what}`, async () => {
    using bench = new Bench();
    using server = await WebServer.open((response) => response.end(LIST));
    const { note } = await bench.fetch(server.url());
    server.answer = answer;
    bench.now += 1000;

    const failed = await bench.fetch(server.url(), { note });

    assert.equal([failed.kind, failed.note.error?.code, failed.note.failures], ['failed', code, 1]);
    assert.equal([failed.note.confirmedAt, failed.note.sha256], [NOON, sha256(LIST)]);
    assert.is(failed.note.nextTry, bench.now + 300_000);
    assert.is(bench.content(), LIST);
    assert.equal(readdirSync(bench.folder), ['drop']);
  });
}

test('of which the server packs much into little, is read up to its limit, and no further', async () => {
  using bench = new Bench();
  const packed = gzipSync(Buffer.alloc(16 * 1024 * 1024, LIST));
  using server = await WebServer.open((response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
  );

  const { note } = await bench.fetch(server.url(), { limits: { bytes: 100_000 } });

  assert.is(note.error?.text, 'the list is larger than 100,000 bytes; if it is right, raise its max');
  assert.equal(readdirSync(bench.folder), []);
});

test('waits for a server that stalls or is slow no longer than it may', async () => {
  using bench = new Bench();
  using halting = await WebServer.open((response) => response.writeHead(200).write(LIST));
  using slow = await WebServer.open((response) => {
    const timer = setInterval(() => response.write(LIST), 5);
    response.on('close', () => {
      clearInterval(timer);
    });
  });
  const { patience } = LIMITS;

  const stalled = await bench.fetch(halting.url(), { limits: { patience: { ...patience, data: 50 } } });
  const late = await bench.fetch(slow.url(), { limits: { total: 100 } });

  assert.match(stalled.note.error?.text ?? '', /^127\.0\.0\.1:\d+: no data within 0\.05 s$/);
  assert.match(late.note.error?.text ?? '', /^127\.0\.0\.1:\d+: the list is not complete after 0\.1 s$/);
  assert.equal(readdirSync(bench.folder), []);
});

test('is asked for ever less often while its server fails, and not before the server says', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response) => response.writeHead(503, { 'retry-after': '7200' }).end());
  const first = await bench.fetch(server.url());
  server.answer = (response) => response.writeHead(500).end();

  const second = await bench.fetch(server.url(), { note: first.note });

  assert.equal([first.note.failures, second.note.failures], [1, 2]);
  assert.equal([first.note.nextTry, second.note.nextTry], [NOON + 7_200_000, NOON + 600_000]);
});

test('says so where the authority cannot be read, or the list not be written', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response) => response.end(LIST));
  mkdirSync(bench.path);
  const unwritten = await bench.fetch(server.url());
  const needs = { ...bench.needs, readAuthority: () => Promise.reject(new Error('EACCES')), now: () => NOON };

  const order = orderOf(server.url(), { ca: '/etc/ca.pem' });
  const task = {
    order,
    note: undefined,
    path: bench.path,
    limits: LIMITS,
    signal: new AbortController().signal,
  };
  const unread = await fetchList(needs, task);

  assert.match(unwritten.note.error?.text ?? '', /^the list cannot be written: EISDIR/);
  assert.is(unread.note.error?.text, 'the certificate /etc/ca.pem cannot be read: EACCES');
  assert.equal(readdirSync(bench.folder), ['drop']);
});

test.run();
