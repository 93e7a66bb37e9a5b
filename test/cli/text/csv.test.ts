import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { csv } from '../../../src/cli/text/csv.ts';

const sheets = suite('CSV');

sheets('quotes what would end a cell or a line', () => {
  assert.is(csv(['a', 'b'], [['x,y', 'say "no"']]), 'a,b\r\n"x,y","say ""no"""\r\n');
});

sheets('has no formula', () => {
  const cells = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '1-1', "'x"];

  assert.equal(
    cells.map((cell) => csv([], [[cell]]).slice(2, -2)),
    ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", '"\'\rx"', '1-1', "'x"],
  );
});

sheets('is read as it was written', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
      const written = rows.map((row) => row.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)));

      assert.equal(read(csv(['one', 'two'], rows)), [['one', 'two'], ...written]);
    }),
  );
});

/** Letter by letter, as RFC 4180 tells. */
function read(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let [row, cell, isQuoted] = [[] as string[], '', false];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (isQuoted && letter === '"' && text[at + 1] === '"') cell += text[++at] ?? '';
    else if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && letter === ',') [row, cell] = [[...row, cell], ''];
    else if (!isQuoted && letter === '\r' && text[at + 1] === '\n') {
      rows.push([...row, cell]);
      [row, cell] = [[], ''];
      at += 1;
    } else cell += letter;
  }
  return rows;
}

sheets.run();
