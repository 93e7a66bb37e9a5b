import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { post } from '../../../src/system/messages/post.ts';
import { outputOf } from '../../support/run-program.ts';
import { messageOf } from '../../../src/system/error.ts';

const test = suite('a posting');

interface Answering extends Disposable {
  readonly url: string;
  readonly asked: {
    readonly method: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
}

async function serve(answer: (response: ServerResponse) => void): Promise<Answering> {
  const asked: Answering['asked'] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      asked.push({
        method: request.method ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      });
      answer(response);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { readonly port: number };
  return {
    url: `http://127.0.0.1:${port}/secret/path`,
    asked,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const of = (url: string, patienceMs = 20_000) => ({
  url,
  body: '{"a":"ü"}',
  headers: {},
  ca: undefined,
  patienceMs,
});

test('brings JSON, with its length and what else is asked for, and the answer back', async () => {
  using server = await serve((response) => response.end('ok'));

  const posted = await post({ ...of(server.url), headers: { authorization: 'Bearer x' } });

  assert.equal(posted, { status: 200, text: 'ok' });
  const [request] = server.asked;
  assert.equal([request?.method, request?.body], ['POST', '{"a":"ü"}']);
  assert.equal(
    [request?.headers['content-type'], request?.headers.authorization],
    ['application/json', 'Bearer x'],
  );
});

test('follows no redirection, and says what the server answered', async () => {
  using other = await serve((response) => response.end());
  using server = await serve((response) => response.writeHead(307, { location: other.url }).end('there'));
  using broken = await serve((response) => response.writeHead(503).end('later'));

  assert.equal(await post(of(server.url)), { status: 307, text: 'there' });
  assert.equal(await post(of(broken.url)), { status: 503, text: 'later' });
  assert.equal(other.asked, []);
});

test('reads the first 4 KiB of an answer without end', async () => {
  using server = await serve((response) => {
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    };
    response.on('drain', write);
    write();
  });

  const { text } = await post(of(server.url));

  assert.is(text.length, 4096);
});

test('waits for a server no longer than it may, and names no path of the URL, which may be a secret', async () => {
  using mute = await serve(() => undefined);
  using slow = await serve((response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'), 10);
    response.on('close', () => {
      clearInterval(timer);
    });
  });

  for (const url of [mute.url, slow.url, 'http://127.0.0.1:1/secret/path']) {
    const words = await post(of(url, 300)).then(() => 'answered', messageOf);
    assert.match(words, /^127\.0\.0\.1:\d+: (?:no answer for 0\.3 s|connect ECONNREFUSED)/, url);
    assert.not.match(words, 'secret');
  }
});

test('goes only to a server whose certificate is believed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'banspool-https-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await outputOf([
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...[
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      '-subj',
      '/CN=hook.test',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    ],
  ]);
  const files = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  const server = https.createServer(files, (_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { readonly port: number };
  const url = `https://127.0.0.1:${port}/secret`;

  const known = await post({ ...of(url), ca: files.cert });
  const unknown = await post(of(url)).then(() => 'answered', messageOf);

  server.close();
  assert.equal(known, { status: 200, text: 'ok' });
  assert.match(unknown, /self-signed certificate/);
});

test.run();
