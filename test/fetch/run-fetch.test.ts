import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Order } from '../../src/fetch/orders.ts';
import { noteFor, runFetch, usualLimits } from '../../src/fetch/run-fetch.ts';
import { readNote } from '../../src/lists/fetched-note.ts';
import { files } from '../../src/system/files/files.ts';
import { Fetcher, LIMITS, NOON, orderOf } from '../support/fetcher.ts';
import { WebServer } from '../support/web-server.ts';

const test = suite('the fetcher runs');

const LIST = '203.0.113.0/24\n';

class Bench extends Fetcher {
  async run(
    orders: readonly Order[],
    { all = false, signal = new AbortController().signal } = {},
  ): Promise<number> {
    return runFetch(this.world, { ...{ needs: this.needs, orders, all, signal }, limitsOf: () => LIMITS });
  }

  content(name: string): string | undefined {
    const path = join(this.fetched, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }
}

test('and fetches what is due, notes it where all may read it, and says so', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response) => response.writeHead(200, { etag: '"1"' }).end(LIST));
  const orders = [
    orderOf(server.url('/a?key=secret'), { name: 'a' }),
    orderOf(server.url('/b'), { name: 'b' }),
  ];

  assert.is(await bench.run(orders), 0);
  assert.is(await bench.run(orders), 0);

  assert.equal(
    server.asked.map(({ path }) => path),
    ['/a?key=secret', '/b'],
  );
  assert.equal(readdirSync(bench.fetched).sort(), ['a', 'a.json', 'b', 'b.json']);
  for (const name of ['.', 'a', 'a.json']) assert.is(statSync(join(bench.fetched, name)).mode & 0o044, 0o044);
  assert.is((await readNote(files, bench.fetched, 'a'))?.confirmedAt, NOON);
  assert.equal(bench.log, [`a: 15 bytes from ${server.url('/a')}?…`, `b: 15 bytes from ${server.url('/b')}`]);
});

test('again when its time has come, or when it is told to at once', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response, { headers }) =>
    headers['if-none-match'] === '"1"'
      ? response.writeHead(304).end()
      : response.writeHead(200, { etag: '"1"' }).end(LIST),
  );
  const orders = [orderOf(server.url())];
  await bench.run(orders);

  await bench.run(orders, { all: true });
  assert.is(server.asked.length, 2);
  bench.now += 43_200_000 - 1;
  await bench.run(orders);
  assert.is(server.asked.length, 2);
  bench.now += 1;
  await bench.run(orders);

  assert.is(server.asked.length, 3);
  assert.is(bench.log.at(-1), `drop: no change at ${server.url()}`);
  assert.is((await readNote(files, bench.fetched, 'drop'))?.confirmedAt, bench.now);
});

test('and goes on with the next where one fails, tells when it tries again, and tries then', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response, { url }) =>
    response.writeHead(url === '/a' ? 404 : 200).end(LIST),
  );
  const orders = [orderOf(server.url('/a'), { name: 'a' }), orderOf(server.url('/b'), { name: 'b' })];

  assert.is(await bench.run(orders), 1);
  assert.is(bench.content('b'), LIST);
  assert.match(bench.log[0] ?? '', /^a: 127\.0\.0\.1:\d+: the server answered 404 .*; next try in 5 min$/);
  assert.is(await bench.run(orders), 0);
  bench.now += 300_000;
  assert.is(await bench.run(orders), 1);

  assert.match(bench.log.at(-1) ?? '', /next try in 10 min$/);
  assert.is(server.asked.length, 3);
});

test('and asks for all of a list whose URL is another one, or whose content is gone', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response) => response.writeHead(200, { etag: '"1"' }).end(LIST));
  await bench.run([orderOf(server.url('/a'))]);

  await bench.run([orderOf(server.url('/b'))]);
  assert.equal([server.asked.length, server.asked[1]?.headers['if-none-match']], [2, undefined]);
  rmSync(join(bench.fetched, 'drop'));
  await bench.run([orderOf(server.url('/b'))]);

  assert.equal([server.asked.length, server.asked[2]?.headers['if-none-match']], [3, undefined]);
  assert.is(bench.content('drop'), LIST);
});

test('and keeps waiting for a server that fails, also without any content', async () => {
  using bench = new Bench();
  using server = await WebServer.open((response) => response.writeHead(500).end());
  const orders = [orderOf(server.url())];

  for (let run = 0; run < 3; run += 1) await bench.run(orders);

  assert.is(server.asked.length, 1);
  assert.is((await noteFor(bench.world, orderOf(server.url())))?.failures, 1);
});

test('until it is stopped, and takes that for no failure', async () => {
  using bench = new Bench();
  const stop = new AbortController();
  using server = await WebServer.open(() => {
    stop.abort();
  });

  const failures = await bench.run([orderOf(server.url()), orderOf(server.url(), { name: 'b' })], {
    signal: stop.signal,
  });

  assert.equal([failures, server.asked.length, bench.log], [0, 1, []]);
  assert.equal(readdirSync(bench.fetched), []);
});

test('and clears what a crash left', async () => {
  using bench = new Bench();
  mkdirSync(bench.fetched, { recursive: true });
  const left = join(bench.fetched, '.drop.12-1.tmp');
  writeFileSync(left, 'part');
  utimesSync(left, 1, 1);

  await bench.run([]);

  assert.equal(readdirSync(bench.fetched), []);
});

test('within limits that grow with how many entries a list may have', () => {
  const of = (max: number): readonly number[] => {
    const { bytes, total } = usualLimits(orderOf('https://a/', { max }));
    return [bytes / 1024 / 1024, total / 1000];
  };

  assert.equal(of(200_000), [64, 64]);
  assert.equal(of(10), [1, 60]);
  assert.equal(of(2_000_000), [256, 256]);
});

test.run();
