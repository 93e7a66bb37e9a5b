import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testFile, type TestFile } from './find-test-files.ts';
import { loadDurations, orderByDuration, saveDurations } from './order.ts';

const test = suite('the order of the test files');

const files = (...names: readonly string[]): readonly (readonly TestFile[])[] =>
  names.map((name) => [testFile('/project', `test/${name}.test.ts`)]);

const names = (ordered: readonly (readonly TestFile[])[]): readonly string[] =>
  ordered.flat().map(({ name }) => name.replace(/^test\/(.*)\.test\.ts$/, '$1'));

test('begins with what took longest the last time', () => {
  const known = new Map(Object.entries({ 'test/a.test.ts': 10, 'test/b.test.ts': 30, 'test/c.test.ts': 20 }));

  assert.equal(names(orderByDuration(files('a', 'b', 'c'), known)), ['b', 'c', 'a']);
});

test('counts files that share a process together', () => {
  const known = new Map(Object.entries({ 'test/a.test.ts': 20, 'test/b.test.ts': 30, 'test/c.test.ts': 20 }));

  assert.equal(names(orderByDuration([...files('b'), files('a', 'c').flat()], known)), ['a', 'c', 'b']);
});

test('is guessed from the folder where nothing is known', () => {
  const found = files('net/c', 'live/b', 'promises/d');

  assert.equal(names(orderByDuration(found, new Map())), ['live/b', 'promises/d', 'net/c']);
});

test('is guessed with the longest of a folder ahead of the others there', () => {
  const found = files('live/a', 'live/fail2ban-1-1', 'promises/a', 'promises/root');

  assert.equal(names(orderByDuration(found, new Map())), [
    'live/fail2ban-1-1',
    'live/a',
    'promises/root',
    'promises/a',
  ]);
});

test('puts a file that is new between those that are known, by its folder', () => {
  const known = new Map(Object.entries({ 'test/cli/a.test.ts': 9_000, 'test/cli/b.test.ts': 500 }));

  assert.equal(names(orderByDuration(files('cli/b', 'net/new', 'cli/a'), known)), [
    'cli/a',
    'net/new',
    'cli/b',
  ]);
});

test('is remembered from one run to the next, also of what did not run again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'durations-'));
  const path = join(folder, 'durations.json');

  saveDurations(path, loadDurations(path), [
    { name: 'a', milliseconds: 1 },
    { name: 'b', milliseconds: 2 },
  ]);
  saveDurations(path, loadDurations(path), [{ name: 'b', milliseconds: 3 }]);
  const kept = loadDurations(path);
  writeFileSync(path, '{"a": 1,');
  const cut = loadDurations(path);

  rmSync(folder, { recursive: true });
  assert.equal(Object.fromEntries(kept), { a: 1, b: 3 });
  assert.equal(Object.fromEntries(cut), {});
});

test('does not need a place to be remembered in', () => {
  saveDurations('/proc/no/such/folder', new Map(), []);

  assert.is(loadDurations('/proc/no/such/folder').size, 0);
});

test.run();
