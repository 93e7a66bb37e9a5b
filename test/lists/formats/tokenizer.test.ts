import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Tokenizer, type Token } from '../../../src/lists/formats/tokenizer.ts';

const tokenizer = suite('the tokens of a text');

interface Tokens {
  readonly tokens: readonly Token[];
  readonly isClean: boolean;
}

function tokensOf(parts: readonly string[]): Tokens {
  const tokens: Token[] = [];
  const reader = new Tokenizer((token) => {
    tokens.push(token);
    return token.text !== 'stop';
  });
  for (const part of parts) reader.write(part);
  return { isClean: reader.end(), tokens };
}

const texts = (text: string): readonly string[] => tokensOf([text]).tokens.map((token) => token.text);

tokenizer('are marks, strings of either quote, and words', () => {
  assert.equal(texts(`[{"a": 'b "c"', "d":-1.5e+3 ,"e":true}]`), [
    ...['[', '{', 'a', ':', 'b "c"', ',', 'd', ':', '-1.5e+3', ',', 'e', ':', 'true', '}', ']'],
  ]);
});

tokenizer('of a string are without what escapes', () => {
  assert.equal(texts(String.raw`"2001:db8::\/36 \"x\"\n\u0041"`), [String.raw`2001:db8::/36 "x" \u0041`]);
  assert.equal(texts(String.raw`'it\'s \\'`), ["it's \\"]);
});

tokenizer('of a long string are its beginning', () => {
  assert.equal(
    texts(`["${'x'.repeat(5_000)}","${'\\n'.repeat(5_000)}"]`).map(({ length }) => length),
    [1, 1_000, 1, 1_000, 1],
  );
});

for (const text of ['"', '"a', '"a\\', "'a", '*', '"a" <', '1'.repeat(65), '["stop"]'])
  tokenizer(`are none, or not all, where the text is ${text.slice(0, 20)}`, () => {
    assert.not(tokensOf([text]).isClean);
  });

tokenizer('are what JSON.parse finds, wherever the text is cut', () => {
  const plain = fc.stringMatching(/^[ -~]{0,9}$/);
  fc.assert(
    fc.property(
      fc.array(plain, { maxLength: 5 }),
      fc.nat({ max: 40 }),
      fc.nat({ max: 40 }),
      (words, one, other) => {
        const text = JSON.stringify(words);
        const [from, to] = [Math.min(one, other), Math.max(one, other)];

        const seen = tokensOf([text.slice(0, from), text.slice(from, to), text.slice(to)]);

        assert.ok(seen.isClean);
        assert.equal(
          seen.tokens.filter(({ kind }) => kind === 'string').map((token) => token.text),
          words,
        );
      },
    ),
    { numRuns: 300 },
  );
});

tokenizer.run();
