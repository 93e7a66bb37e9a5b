import { createServer, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ask, WebFailure, type Asking, type WebAnswer } from '../../../src/system/web/ask.ts';
import { makeCertificate, WebServer } from '../../support/web-server.ts';

const test = suite('a web server is asked');

const LONG = { connect: 60_000, answer: 60_000, data: 60_000 };

function asking(url: string, changed: Partial<Asking> = {}): Asking {
  return {
    ...{ url: new URL(url), headers: {}, ca: undefined, mayReach: () => true },
    ...{ patience: LONG, signal: new AbortController().signal, ...changed },
  };
}

async function bodyOf({ body }: WebAnswer): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** The reason for which it failed. */
async function reasonOf(attempt: Promise<unknown>): Promise<unknown> {
  try {
    return await attempt;
  } catch (error) {
    return error instanceof WebFailure ? error.reason : error;
  }
}

test('for one file, with the headers that are given, and follows nowhere', async () => {
  using server = await WebServer.open((response) =>
    response.writeHead(302, { location: '/other', etag: '"1"' }).end('moved'),
  );

  const answer = await ask(asking(server.url(), { headers: { 'if-none-match': '"0"' } }));

  assert.equal([answer.status, answer.headers.etag, await bodyOf(answer)], [302, '"1"', 'moved']);
  assert.equal(answer.addresses, ['127.0.0.1']);
  assert.equal(
    server.asked.map(({ path, headers }) => [path, headers['if-none-match']]),
    [['/list.txt', '"0"']],
  );
});

test('over https only if its certificate is believed', async () => {
  const certificate = await makeCertificate();
  using server = await WebServer.open((response) => response.end('ok'), certificate);

  const known = await ask(asking(server.url(), { ca: certificate.cert }));
  const unknown = await reasonOf(ask(asking(server.url())));

  assert.is(await bodyOf(known), 'ok');
  assert.equal(unknown, { code: 'unreachable', said: 'self-signed certificate' });
});

test('only at addresses that may be reached, and before a byte goes there', async () => {
  let connections = 0;
  using server = await WebServer.open(() => (connections += 1));
  const seen: string[] = [];
  const mayReach = (addresses: readonly string[]): boolean => {
    seen.push(...addresses);
    return false;
  };

  for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
    const url = server.url().replace('127.0.0.1', host);
    assert.equal(await reasonOf(ask(asking(url, { mayReach }))), { code: 'forbidden' });
  }

  assert.ok(seen.includes('127.0.0.1') && seen.includes('::1'), seen.join(' '));
  assert.is(connections, 0);
});

test('no longer than it is waited for: for its answer, and between pieces', async () => {
  using mute = await WebServer.open(() => undefined);
  using halting = await WebServer.open((response) => response.writeHead(200).write('first'));
  const patience = { connect: 60_000, answer: 60_000, data: 60_000 };

  const silent = await reasonOf(ask(asking(mute.url(), { patience: { ...patience, answer: 50 } })));
  const stalled = await reasonOf(
    ask(asking(halting.url(), { patience: { ...patience, data: 50 } })).then(bodyOf),
  );

  assert.equal(silent, { code: 'silent', step: 'answer', ms: 50 });
  assert.equal(stalled, { code: 'silent', step: 'data', ms: 50 });
});

test('no longer than it is waited for: for a connection', async () => {
  const sockets: Socket[] = [];
  // It takes the connection, and says nothing of TLS.
  const server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };

  const reason = await reasonOf(
    ask(asking(`https://127.0.0.1:${port}/`, { patience: { ...LONG, connect: 50 } })),
  );

  for (const socket of sockets) socket.destroy();
  server.close();
  assert.equal(reason, { code: 'silent', step: 'connect', ms: 50 });
});

test('until it is stopped from outside, also while its body comes', async () => {
  using server = await WebServer.open((response) => response.writeHead(200).write('first'));
  const stop = new AbortController();
  const { body } = await ask(asking(server.url(), { signal: stop.signal }));

  const reading = (async () => {
    for await (const piece of body) if (piece.length > 0) stop.abort();
  })();

  assert.equal(await reasonOf(reading), { code: 'aborted' });
  assert.equal(await reasonOf(ask(asking(server.url(), { signal: stop.signal }))), { code: 'aborted' });
});

test('and a body that ends before its length is truncated', async () => {
  using server = await WebServer.open((response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('first');
    response.socket?.end();
  });
  using chunked = await WebServer.open((response) => {
    response.writeHead(200).write('first');
    response.socket?.end();
  });

  for (const { url } of [{ url: server.url() }, { url: chunked.url() }])
    assert.equal(await reasonOf(ask(asking(url)).then(bodyOf)), { code: 'truncated' });
});

test('in vain where nobody listens, or the name has no address', async () => {
  const closed = await reasonOf(ask(asking('http://127.0.0.1:1/')));
  const nobody = await reasonOf(ask(asking('http://lists.invalid/')));

  assert.equal(closed, { code: 'unreachable', said: 'connect ECONNREFUSED 127.0.0.1:1' });
  assert.is((nobody as { code: string }).code, 'unreachable');
});

test.run();
