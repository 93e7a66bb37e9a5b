import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plainText, span } from '../../../src/top/line.ts';
import { tableLines, type Column } from '../../../src/top/tables/table.ts';

const test = suite('top/table');

const COLUMNS: readonly Column[] = [
  { title: 'NAME', min: 6, max: 12 },
  { title: 'MORE', min: 4, max: 8, from: 40 },
  { title: 'WHAT', min: 4, max: 30, grows: true },
  { title: 'N', align: 'right', min: 3, max: 5 },
];

function shown(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const table = { columns: COLUMNS, rows: rows.map((row) => row.map((text) => span(text))) };
  return tableLines(table, width, 'utf8').map(plainText);
}

test('columns are as wide as their rows need, and one takes what is left', () => {
  assert.equal(shown([['web1', 'x', 'a text', '7']], 40), [
    'NAME    MORE  WHAT                     N',
    'web1    x     a text                   7',
  ]);
});

test('a narrow table leaves columns out, and cuts the widest', () => {
  assert.equal(shown([['a-long-name-of-it', 'x', 'a text', '7']], 24), [
    'NAME         WHAT      N',
    'a-long-nam…  a text    7',
  ]);
  assert.equal(shown([['a-long-name-of-it', 'x', 'a text', '7']], 20), [
    'NAME      WHAT     N',
    'a-long-…  a te…    7',
  ]);
});

test('what stands beside a wide or a combining character is not moved', () => {
  const [, first = '', second = ''] = shown(
    [
      ['漢字', '', 'e\u0301', '7'],
      ['abcd', '', 'x', '8'],
    ],
    30,
  );

  assert.is(first, '漢字    é                    7');
  assert.is(second, 'abcd    x                    8');
});

test.run();
