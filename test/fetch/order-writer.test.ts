import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OrderWriter, ordersPath } from '../../src/fetch/order-writer.ts';
import { decodeOrders } from '../../src/fetch/orders.ts';
import type { ListPolicy } from '../../src/policy/list-schema.ts';
import { files } from '../../src/system/files/files.ts';

const test = suite('the controller tells the fetcher');

type World = ConstructorParameters<typeof OrderWriter>[0];
type Memory = ConstructorParameters<typeof OrderWriter>[1];

function listOf(name: string, url = `https://lists.example.org/${name}`): ListPolicy {
  const from = { kind: 'url', url, every: 3_600_000, ca: undefined } as const;
  return { name, from, format: undefined, stale: Infinity, max: 1000, note: undefined };
}

/** A controller whose policy a test sets. */
class Bench implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'banspool-orders-'));
  readonly path = ordersPath({ runtime: this.folder });
  readonly errors: string[] = [];
  lists: readonly ListPolicy[] = [];
  writer = this.restart();

  restart(): OrderWriter {
    const policy = { value: {} };
    Object.defineProperty(policy.value, 'lists', { get: () => this.lists });
    const log = {
      info: () => undefined,
      warn: () => undefined,
      error: (text: string) => this.errors.push(text),
    };
    const world = { config: { runtime: this.folder }, files, log } as unknown as World;
    this.writer = new OrderWriter(world, { ledger: { policy } } as unknown as Memory);
    return this.writer;
  }

  names(): readonly string[] | undefined {
    return decodeOrders(readFileSync(this.path, 'utf8'))?.map(({ name }) => name);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

test('which lists come from the network, and nobody else what their URLs are', () => {
  using bench = new Bench();
  bench.lists = [listOf('a'), { ...listOf('b'), from: { kind: 'file', file: 'b.txt' } }];

  bench.writer.passed();

  assert.equal(bench.names(), ['a']);
  assert.is(statSync(bench.path).mode & 0o007, 0);
});

test('only when the lists changed, also after a restart', () => {
  using bench = new Bench();
  bench.lists = [listOf('a')];
  bench.writer.passed();
  const { ino } = statSync(bench.path);

  bench.writer.passed();
  bench.lists = [listOf('a')];
  bench.writer.passed();
  bench.restart().passed();
  assert.is(statSync(bench.path).ino, ino);

  bench.lists = [listOf('a'), listOf('b')];
  bench.writer.passed();
  assert.equal(bench.names(), ['a', 'b']);
});

test('nothing where no list comes from the network, and takes back what it told before', () => {
  using bench = new Bench();
  bench.writer.passed();
  assert.not(existsSync(bench.path));

  bench.lists = [listOf('a')];
  bench.writer.passed();
  bench.lists = [];
  bench.writer.failed();
  assert.ok(existsSync(bench.path));
  bench.restart().passed();
  assert.not(existsSync(bench.path));
});

test('again after the next pass where it could not be written, and says so once', () => {
  using bench = new Bench();
  mkdirSync(bench.path);
  bench.lists = [listOf('a')];

  bench.writer.passed();
  bench.writer.passed();
  assert.is(bench.errors.length, 1);
  assert.match(bench.errors[0] ?? '', /^cannot tell the fetcher which lists to fetch: E/);
  rmSync(bench.path, { recursive: true });
  bench.writer.passed();

  assert.equal(bench.names(), ['a']);
});

test.run();
