import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../src/domain/words.ts';
import { previewFetch } from '../../src/fetch/preview-fetch.ts';
import { runFetch } from '../../src/fetch/run-fetch.ts';
import { Fetcher, LIMITS, orderOf } from '../support/fetcher.ts';
import { WebServer } from '../support/web-server.ts';

const test = suite('what would be fetched');

test('is told with when, how, and what went wrong, without a secret, and asks nobody', async () => {
  using bench = new Fetcher();
  using server = await WebServer.open((response, { url }) =>
    response.writeHead(url === '/b' ? 404 : 200, { etag: '"1"' }).end('203.0.113.7\n'),
  );
  const orders = [orderOf(server.url('/a?key=1'), { name: 'a' }), orderOf(server.url('/b'), { name: 'b' })];
  const signal = new AbortController().signal;
  await runFetch(bench.world, { needs: bench.needs, orders, all: false, signal, limitsOf: () => LIMITS });
  bench.now += 60_000;
  const third = orderOf('https://lists.example.org/c', { name: 'c', every: 3600, max: 1 });

  const options = { orders: [...orders, third], zone: UTC };
  const text = await previewFetch(bench.world, { ...options, all: false });
  const all = await previewFetch(bench.world, { ...options, all: true });

  const { host } = new URL(server.url());
  assert.is(
    text,
    `a: due in 11 h 59 min, at 2027-01-02 00:00:00 UTC
  from http://${host}/a?…
  every 12 h, at most 67,108,864 bytes
  on disk: 12 bytes of 2027-01-01 12:00:00 UTC; asks the server only for changes

b: due in 4 min, at 2027-01-01 12:05:00 UTC
  from http://${host}/b
  every 12 h, at most 67,108,864 bytes
  the last try failed: ${host}: the server answered 404 (there is no such file)

c: due now
  from https://lists.example.org/c
  every 1 h, at most 1,048,576 bytes
`,
  );
  assert.equal(all.match(/^.: .*$/gm), ['a: due now', 'b: due now', 'c: due now']);
  assert.is(server.asked.length, 2);
});

test.run();
