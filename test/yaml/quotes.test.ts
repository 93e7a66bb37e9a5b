import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quotesFor } from '../../src/yaml/quotes.ts';

const quotes = suite('a value without its quotes');

quotes('is told as it should be written, to the end of its entry', () => {
  const cases: readonly (readonly [text: string, column: number, value: string])[] = [
    ['net: 2001:db8:: # x', 6, '2001:db8:: # x'],
    ['- { net: *x, note: y }', 10, '*x'],
    ['- { net: a, note: @y }', 19, '@y'],
    ['note: a: b ', 7, 'a: b'],
  ];

  for (const [text, column, value] of cases)
    assert.is(
      quotesFor(`first: x\n${text}\n`, { line: 2, column }),
      `put it in quotes: ${JSON.stringify(value)}`,
      text,
    );
});

quotes('is found where the parser stumbled only in the line after it', () => {
  assert.is(
    quotesFor('- { net: a, note: #12 }\nname: b\n', { line: 2, column: 1 }),
    'put it in quotes: "#12"',
  );
});

quotes('is none where there is no value, or it has quotes, or begins a list', () => {
  for (const [text, column] of [
    ['note:', 6],
    ['note: "a" b', 7],
    ['note: [a', 7],
    ['  name', 3],
  ] as const)
    assert.is(quotesFor(text, { line: 1, column }), undefined, text);
});

quotes.run();
