import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cutEnd, cutList, fitTable, type Column } from '../../../src/cli/text/fit-table.ts';

const tables = suite('a table that fits');

const COLUMNS: readonly Column[] = [
  { head: 'ADDRESS', need: undefined },
  { head: 'JAIL', need: 2, least: 6 },
  { head: 'SERVERS', need: 3, least: 8, cut: cutList },
  { head: 'PACKETS', need: 1, isNumber: true },
];

const ROWS = [
  ['203.0.113.7', 'sshd', 'web1, web2, mail', '12'],
  ['2001:db8::7', 'nginx-http-auth', 'web1', '1,234'],
];

tables('is as wide as its cells where any width will do, with numbers to the right', () => {
  assert.equal(fitTable(COLUMNS, ROWS), [
    'ADDRESS      JAIL             SERVERS           PACKETS',
    '203.0.113.7  sshd             web1, web2, mail       12',
    '2001:db8::7  nginx-http-auth  web1                1,234',
  ]);
});

tables('cuts what may be cut, what is needed least first, and says how many of a list are left', () => {
  assert.equal(fitTable(COLUMNS, ROWS, 46), [
    'ADDRESS      JAIL    SERVERS           PACKETS',
    '203.0.113.7  sshd    web1, web2, mail       12',
    '2001:db8::7  nginx…  web1                1,234',
  ]);
});

tables('leaves out what is needed least where no cell can be cut any more', () => {
  assert.equal(fitTable(COLUMNS, ROWS, 30), [
    'ADDRESS      JAIL    SERVERS',
    '203.0.113.7  sshd    web1 +2',
    '2001:db8::7  nginx…  web1',
  ]);
  assert.equal(fitTable(COLUMNS, ROWS, 12), ['ADDRESS', '203.0.113.7', '2001:db8::7']);
});

tables('cuts in the end what always stays', () => {
  assert.equal(fitTable(COLUMNS, ROWS, 8), ['ADDRESS', '203.0.1…', '2001:db…']);
});

tables('names the first of a list, or its beginning where that is too long', () => {
  assert.equal(
    [40, 12, 8, 7, 4].map((width) => cutList('web1, web2, a-long-name', width)),
    ['web1, web2, a-long-name', 'web1 +2', 'web1 +2', 'web1 +2', 'web…'],
  );
  assert.equal([cutList('a-long-name', 6), cutEnd('short', 6)], ['a-lon…', 'short']);
});

tables('has no line wider than the terminal, whatever stands in the cells', () => {
  const cell = fc.string({ maxLength: 130 });
  const list = fc
    .array(fc.stringMatching(/^[a-z0-9./-]{1,70}$/), { maxLength: 20 })
    .map((all) => all.join(', '));

  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, list, cell), { maxLength: 5 }),
      fc.integer({ min: 1, max: 300 }),
      (rows, width) => {
        const lines = fitTable(COLUMNS, rows, Math.max(width, 'ADDRESS'.length));

        assert.is(lines.length, rows.length + 1);
        assert.ok(
          lines.every(({ length }) => length <= Math.max(width, 'ADDRESS'.length)),
          lines.join('\n'),
        );
      },
    ),
  );
});

tables.run();
