import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { follow } from '../../src/fetch/follow.ts';
import { ask, WebFailure, type Ask, type WebAnswer } from '../../src/system/web/ask.ts';
import { LIMITS } from '../support/fetcher.ts';
import { makeCertificate, WebServer } from '../support/web-server.ts';

const test = suite('redirects');

function errandTo(url: string, ca?: string) {
  return { url, headers: {}, ca, limits: LIMITS, signal: new AbortController().signal };
}

/** Hosts with their addresses, and where each redirects to; one that redirects nowhere answers. */
function internet(hosts: Readonly<Record<string, readonly [address: string, to?: string]>>): Ask {
  return ({ url, mayReach }) => {
    const [address = '', location] = hosts[url.hostname] ?? [];
    if (!mayReach([address])) return Promise.reject(new WebFailure({ code: 'forbidden' }));
    const headers = location === undefined ? {} : { location };
    const body = (async function* () {
      yield await Promise.resolve(Buffer.from(url.href));
    })();
    const answer: WebAnswer = {
      status: location === undefined ? 200 : 302,
      headers,
      addresses: [address],
      body,
      close: () => undefined,
    };
    return Promise.resolve(answer);
  };
}

async function endOf(following: ReturnType<typeof follow>): Promise<string> {
  const followed = await following;
  return followed.kind === 'answer' ? followed.host : followed.error.code;
}

test('are followed, also to a path, and five times at the most', async () => {
  using server = await WebServer.open((response, { url = '' }) => {
    const left = Number(url.slice(1));
    if (left === 0) response.end('there');
    else response.writeHead(left === 2 ? 308 : 302, { location: `/${left - 1}` }).end('moved');
  });

  const five = await follow(ask, errandTo(server.url('/5')));
  const six = await follow(ask, errandTo(server.url('/6')));

  assert.is(five.kind === 'answer' ? five.answer.status : five.error.code, 200);
  if (five.kind === 'answer') five.answer.close();
  assert.equal(six.kind === 'error' ? six.error : six.kind, { code: 'too-many-redirects', most: 5 });
  assert.is(server.asked.length, 12);
});

test('from https to http are refused', async () => {
  const certificate = await makeCertificate();
  using plain = await WebServer.open((response) => response.end('there'));
  using server = await WebServer.open(
    (response) => response.writeHead(302, { location: plain.url('/x?key=1') }).end(),
    certificate,
  );

  const followed = await follow(ask, errandTo(server.url(), certificate.cert));

  assert.equal(followed.kind === 'error' ? followed.error : followed.kind, {
    code: 'insecure-redirect',
    to: plain.url('/x?…'),
  });
  assert.equal(plain.asked, []);
});

test('from http to https are followed', async () => {
  const certificate = await makeCertificate();
  using server = await WebServer.open((response) => response.end('there'), certificate);
  using plain = await WebServer.open((response) => response.writeHead(301, { location: server.url() }).end());

  const followed = await follow(ask, errandTo(plain.url(), certificate.cert));

  assert.is(followed.kind, 'answer');
  if (followed.kind === 'answer') followed.answer.close();
});

test('from a public address to a private one are refused, and from a private one go where they go', async () => {
  const public2 = ['203.0.113.2', 'https://inside/'] as const;
  const net = internet({
    outside: ['203.0.113.1', 'https://inside/'],
    twice: ['203.0.113.1', 'https://via/'],
    via: public2,
    inside: ['10.0.0.1'],
    own: ['10.0.0.2', 'https://mirror/'],
    mirror: ['203.0.113.3', 'https://inside/'],
  });

  assert.is(await endOf(follow(net, errandTo('https://outside/'))), 'private-redirect');
  assert.is(await endOf(follow(net, errandTo('https://twice/'))), 'private-redirect');
  assert.is(await endOf(follow(net, errandTo('https://inside/'))), 'inside');
  assert.is(await endOf(follow(net, errandTo('https://own/'))), 'inside');
});

test('to what is no web server lead nowhere', async () => {
  for (const to of ['file:///etc/passwd', 'https://', 'data:text/plain,203.0.113.7'])
    assert.is(
      await endOf(follow(internet({ a: ['203.0.113.1', to] }), errandTo('https://a/'))),
      'no-redirect-target',
      to,
    );
});

test.run();
