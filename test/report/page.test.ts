import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pageParts } from '../../src/report/page.ts';
import type { Report } from '../../src/report/report.ts';
import { SCRIPT } from '../../src/report/script.ts';
import { STYLE } from '../../src/report/style.ts';
import { REPORT } from '../support/made-up-report.ts';

const page = suite('the page of a report');

const render = (report: Report): string => Array.from(pageParts(report)).join('');

const whole = render(REPORT);

page('has its sections in the order in which people ask', () => {
  const ids = Array.from(whole.matchAll(/<(?:section|details) id="([\w-]+)"/g), ([, id]) => id);

  assert.equal(ids, [
    ...[
      'verdict',
      'yesterday',
      'tiles',
      'servers-over-time',
      'jails',
      'week',
      'ahead',
      'stubborn',
      'servers',
    ],
    ...['events', 'latency', 'bans', 'policy', 'refused', 'conditions'],
  ]);
});

page('opens and closes each element in its turn', () => {
  const open: string[] = [];
  for (const { name, isEnd, isWhole } of tagsOf(whole)) {
    if (isEnd) assert.is(open.pop(), name);
    else if (!isWhole) open.push(name);
  }

  assert.equal(open, []);
});

page('names by their hashes the style and the script that may count, and nothing else', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/
    .exec(whole)?.[1]
    ?.replaceAll('&#39;', "'");
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

  assert.is(
    policy,
    `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; img-src data:; base-uri 'none'; form-action 'none'`,
  );
  assert.ok(whole.includes(`<style>${STYLE}</style>`));
  assert.ok(whole.includes(`<script>${SCRIPT}</script>`));
  assert.not.match(whole, /\sstyle="|\son\w+="|\ssrc=|\shref="(?!data:)/);
});

page('has no element and no attribute more, whatever 10,000 names, reasons and messages hold', () => {
  const values = hostileValues(10_000);
  const own = tagsOf(render(replaceTexts(REPORT, () => 'x'))).map(nameOf);
  let used = 0;

  while (used < values.length) {
    const text = render(replaceTexts(REPORT, () => values[used++ % values.length] ?? ''));

    assert.equal(tagsOf(text).map(nameOf), own);
    // Line breaks are those of parts and of the style.
    assert.not.match(text.replaceAll('\n', ''), /[\p{C}\p{Zl}\p{Zp}]/u);
  }
});

page('comes in parts that are small: a pass goes first in between', () => {
  const sizes = Array.from(pageParts(REPORT), ({ length }) => length);

  assert.ok(Math.max(...sizes) < 40_000, String(Math.max(...sizes)));
  assert.ok(whole.length < 500_000, String(whole.length));
});

interface Tag {
  readonly name: string;
  readonly isEnd: boolean;
  readonly isWhole: boolean;
  readonly attributes: readonly string[];
}

const TAG = /^<(\/?)([a-z][A-Za-z0-9]*)((?: [A-Za-z][A-Za-z0-9-]*="[^"<>]*")*) ?(\/?)>/;
const VOID = ['meta', 'link', 'br'];

/** Stricter than any browser: throws for what is neither a tag as the program writes them, nor text without < and >. */
function tagsOf(html: string): readonly Tag[] {
  let rest = html
    .replace('<!doctype html>', '')
    .replace(`<style>${STYLE}</style>`, '<style></style>')
    .replace(`<script>${SCRIPT}</script>`, '<script></script>');
  const tags: Tag[] = [];
  for (;;) {
    const [text = ''] = /^[^<>]*/.exec(rest) ?? [];
    rest = rest.slice(text.length);
    if (rest === '') return tags;
    const found = TAG.exec(rest);
    if (found === null) throw new Error(`no tag: ${rest.slice(0, 80)}`);
    const [all, slash, name = '', attributes = '', end] = found;
    tags.push({
      ...{ name, isEnd: slash === '/', isWhole: end === '/' || VOID.includes(name) },
      attributes: Array.from(attributes.matchAll(/ ([A-Za-z][A-Za-z0-9-]*)="/g), ([, key = '']) => key),
    });
    rest = rest.slice(all.length);
  }
}

function nameOf({ name, isEnd, attributes }: Tag): string {
  return `${isEnd ? '/' : ''}${name} ${attributes.join(' ')}`;
}

/** What is none of a stranger's words. */
const OURS = ['level', 'time', 'kind', 'list', 'status', 'why', 'family'];

/** The same report with other texts. */
function replaceTexts<T>(value: T, text: () => string, key = ''): T {
  if (typeof value === 'string') return (OURS.includes(key) ? value : text()) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => replaceTexts(each, text, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, replaceTexts(each, text, name)]),
  ) as T;
}

const ATTACKS = [
  '<script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></details></table><h1>all is well</h1>',
  '<!-- ',
  ']]>',
  '&lt;script&gt;&#60;b&#62;',
  '${alert(1)}',
  '\u202eevil\u2066\u0000\u001b[2J\u2028\n\r\t',
  '\ud800<\udfff',
  '%3Cscript%3E',
  'javascript:alert(1)',
];

function hostileValues(count: number): readonly string[] {
  const made = fc.sample(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(...ATTACKS),
      fc.string({ maxLength: 30 }),
    ),
    { numRuns: count, seed: 1 },
  );
  return made.map((text, index) =>
    index % 3 === 0 ? `${ATTACKS[index % ATTACKS.length] ?? ''}${text}` : text,
  );
}

page.run();
