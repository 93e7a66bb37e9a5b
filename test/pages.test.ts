/** The pages that people read, as far as they can be held to what they speak of. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../src/config/config.ts';
import { PAGES } from './docs/pages.ts';

const pages = suite('the pages');

const ROOT = join(import.meta.dirname, '../..');

function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

for (const page of ['CONTRIBUTING.md', 'DESIGN.md', 'SPEC.md', ...PAGES]) {
  pages(`${page} names files and folders that are there`, () => {
    const named = textOf(page).matchAll(
      /(?<![\w./])(?:src|action\.d|\.ci)\/[\w./*-]*\w|\btest\/[\w./*-]*\.ts/g,
    );
    const paths = Array.from(named, ([path]) => path).filter((path) => !/NAME|ROOM|\*/.test(path));

    assert.equal(
      paths.filter((path) => !existsSync(join(ROOT, path))),
      [],
    );
  });

  pages(`${page} points to sections that are there`, () => {
    const pointers = textOf(page).matchAll(/\b([A-Z]+\.md)(?:\]\((?:\.\.\/)?[A-Z]+\.md\))?, section (\d+)/g);

    for (const [pointer, target = '', section = ''] of pointers)
      assert.match(textOf(target), new RegExp(`^## ${section}\\. `, 'm'), pointer);
  });
}

pages('docs/configuration.md has every key of the config in its table', () => {
  const page = textOf('docs/configuration.md');
  const read = readConfig('');
  const keys = read.kind === 'config' ? Object.keys(read.config) : [];

  assert.ok(keys.length > 8);
  for (const key of keys) assert.match(page, new RegExp(`^\\| \`${key}\` \\|`, 'm'));
});

pages('README.md is read in five minutes', () => {
  const words = textOf('README.md').trim().split(/\s+/);

  assert.ok(words.length <= 1300, `${words.length} words`);
});

pages('DESIGN.md is a page that can be read at once', () => {
  const lines = textOf('DESIGN.md').trimEnd().split('\n');

  assert.ok(lines.length <= 200, `${lines.length} lines`);
  assert.equal(
    lines.filter((line) => line.length > 120),
    [],
  );
});

pages.run();
