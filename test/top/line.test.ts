import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cellsOf } from '../../src/top/cells.ts';
import { fitLine, paintedText, plainText, span } from '../../src/top/line.ts';
import { hostileText } from '../support/top-seen.ts';

const test = suite('top/line');

test('is exactly as wide as asked, of whatever pieces', () => {
  fc.assert(
    fc.property(
      fc.array(hostileText),
      fc.nat(200),
      fc.constantFrom('utf8', 'ascii'),
      (texts, width, charset) => {
        const line = fitLine(
          texts.map((text) => span(text, 'bad')),
          width,
          charset,
        );

        assert.is(cellsOf(plainText(line)), width);
      },
    ),
  );
});

test('bears its styles where there is colour, and its text alone where there is none', () => {
  const line = [span('converged', 'good'), span('  2 bans')];

  assert.is(paintedText(line, { charset: 'utf8', color: true }), '\u001b[1;32mconverged\u001b[0m  2 bans');
  assert.is(paintedText(line, { charset: 'utf8', color: false }), 'converged  2 bans');
});

test.run();
