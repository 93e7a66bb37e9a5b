/** Links between the pages lead somewhere. */
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PAGES, ROOT, textOf } from './pages.ts';

const test = suite('the links of the pages');

for (const page of ['CONTRIBUTING.md', 'DESIGN.md', 'SPEC.md', ...PAGES])
  test(`those of ${page} lead to files and headings that are there`, () => {
    for (const target of linksOf(textOf(page))) {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      assert.ok(existsSync(join(ROOT, file)), target);
      if (anchor !== undefined) assert.ok(anchorsOf(textOf(file)).includes(anchor), target);
    }
  });

/** Those that are written by hand. */
const WRITTEN = PAGES.filter((page) => dirname(page) === 'docs');

test('each page of docs/ stands in its index', () => {
  const listed = linksOf(textOf('docs/README.md')).map((target) => join('docs', target));

  assert.ok(WRITTEN.length > 10);
  assert.equal(
    WRITTEN.filter((page) => page !== 'docs/README.md' && !listed.includes(page)),
    [],
  );
});

test('each page of docs/ begins with a sentence, and ends with where to read on', () => {
  for (const page of WRITTEN) {
    const paragraphs = textOf(page).trimEnd().split('\n\n');
    assert.match(paragraphs[0] ?? '', /^# .+$/, page);
    assert.match(paragraphs[1] ?? '', /^[A-Z][^]*\.$/, page);
    assert.ok(linksOf(paragraphs.at(-1) ?? '').length > 0, page);
  }
});

/** Relative ones, of Markdown and HTML. */
function linksOf(text: string): readonly string[] {
  const prose = withoutCode(text);
  const links = prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g);
  return Array.from(links, ([, link, attribute]) => link ?? attribute ?? '').filter(
    (link) => !/^[a-z]+:/.test(link),
  );
}

/** As GitHub makes them of headings; of equal ones the second ends in `-1`. */
function anchorsOf(text: string): readonly string[] {
  const headings = Array.from(withoutFences(text).matchAll(/^#+ +(.*)$/gm), ([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return headings.map((heading, index) => {
    const before = headings.slice(0, index).filter((other) => other === heading).length;
    return before === 0 ? heading : `${heading}-${before}`;
  });
}

function withoutFences(text: string): string {
  return text.replaceAll(/^( *)```[^]*?^\1```$/gm, '');
}

function withoutCode(text: string): string {
  return withoutFences(text).replaceAll(/`[^`\n]*`/g, '');
}

test.run();
