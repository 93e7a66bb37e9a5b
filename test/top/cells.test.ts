import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cellsOf, fit, toCells } from '../../src/top/cells.ts';
import { hostileText } from '../support/top-seen.ts';

const test = suite('top/cells');

test('keeps what every terminal shows in as many cells, and marks what may move or hide other text', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['nginx-limit', 'nginx-limit'],
    ['Zürich, Москва, Ωμ', 'Zürich, Москва, Ωμ'],
    ['漢字かなカナ한글ＡＢ', '漢字かなカナ한글ＡＢ'],
    ['e\u0301', 'é'],
    ['a\u0301\u0302\u0303b', 'áb'],
    ['\u001b[31mred\u001b[0m', '?[31mred?[0m'],
    ['a\r\nb\tc', 'a?b?c'],
    ['\u202eabc\u05d0\u05d1\u0627', '?abc?'],
    ['\u{1f468}\u200d\u{1f469}!', '?!'],
    ['\ud800x\u2028', '?x?'],
  ];

  for (const [text, cells] of cases) assert.is(toCells(text), cells);
  assert.is(toCells('Zürich 漢字', 'ascii'), 'Z?rich ?');
});

test('is exactly as wide as asked, whatever the text', () => {
  fc.assert(
    fc.property(hostileText, fc.nat(100), fc.constantFrom('left', 'right'), (text, width, align) => {
      const fitted = fit(text, width, { align });

      assert.is(cellsOf(fitted), width);
      assert.is(toCells(fitted), fitted);
      assert.not.match(fitted, /[\p{C}\p{M}]/u);
    }),
  );
});

test('is in ASCII alone where the terminal knows no other', () => {
  fc.assert(
    fc.property(hostileText, fc.nat(100), (text, width) => {
      assert.match(fit(text, width, { charset: 'ascii' }), new RegExp(`^[ -~]{${width}}$`));
    }),
  );
});

test('is cut with a mark, and a wide character never in half', () => {
  assert.is(fit('nginx-limit', 6), 'nginx…');
  assert.is(fit('nginx-limit', 6, { charset: 'ascii' }), 'nginx~');
  assert.is(fit('漢字漢字', 4), '漢… ');
  assert.is(fit('漢字', 4), '漢字');
  assert.is(fit('7', 3, { align: 'right' }), '  7');
  assert.is(fit('x', 0), '');
});

test.run();
