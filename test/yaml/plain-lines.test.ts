/** Plain lines: the fast way is the yaml package's own, or it is not taken. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPlainLines } from '../../src/yaml/plain-lines.ts';
import { readByParser } from '../../src/yaml/untrusted.ts';
import { banText, intentText } from '../support/intent-text.ts';

const plainLines = suite('plain lines');

plainLines('what senders write is read', () => {
  const texts = [
    banText('203.0.113.7'),
    banText('"2001:db8::7"', { bantime: -1, ports: '"ssh,2222"', failures: 5 }),
    banText('198.51.100.0/24', { protocol: 'tcp', time: '1795330538.250' }),
    intentText({ intent: 'stop' }),
  ];

  for (const text of texts) {
    assert.equal(readByParser(text), { kind: 'mapping', value: readPlainLines(text) });
  }
});

/** Characters that mean something to YAML, and words that do. */
const TOKENS = [
  ...'a jail constructor __proto__ toString null yes -1 1.5 0x1f 2001:db8:: ::1 &x *x ü \u2028'.split(' '),
  ...'- --- ... : . _ " # , / ! % @ ` | > ? { } [ ] \\'.split(' '),
  ...["'", ' ', '  ', ': ', '- ', ' #', '? ', '\n', '\r\n', '\t'],
];

plainLines('whatever else the text is, it reads as the package does or not at all', () => {
  const odd = fc.array(fc.constantFrom(...TOKENS), { maxLength: 4 }).map((tokens) => tokens.join(''));
  const ordinary = fc.constantFrom(
    'ban',
    '203.0.113.7',
    '2001:db8::7',
    '10.0.0.0/8',
    '-1',
    '1.5',
    'a:b',
    'a,b',
  );
  const value = fc.oneof({ weight: 3, arbitrary: ordinary }, odd);
  const written = fc.oneof(
    value,
    value.map((text) => `"${text}"`),
  );
  const key = fc.constantFrom('a', 'b', 'ip', 'jail', 'time', 'constructor', 'toString', '"a"', 'A', '- a');
  const colon = fc.oneof({ weight: 6, arbitrary: fc.constant(': ') }, fc.constantFrom(':', ':  '));
  const line = fc.tuple(key, colon, written).map((parts) => parts.join(''));
  const end = fc.constantFrom('\n', '\n...\n', '', '\n...', '\n\n...\n', '\n...\n\n', '\n---\n');
  const text = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 3 }), end)
    .map(([lines, last]) => lines.join('\n') + last);
  let taken = 0;

  fc.assert(
    fc.property(text, (each) => {
      const fields = readPlainLines(each);
      if (fields === undefined) return;
      taken += 1;
      assert.equal(readByParser(each), { kind: 'mapping', value: fields });
    }),
    { numRuns: 20_000 },
  );

  assert.ok(taken > 500, `only ${taken} texts were taken the fast way`);
});

plainLines('what is no plain lines, or would be refused, is left to the package', () => {
  for (const text of [
    'a: 1\na: 2\n',
    'constructor: x\n',
    'a: b',
    '',
    '...\n',
    'a: b\n...\n...\n',
    'ip: 2001:db8::\n',
  ]) {
    assert.is(readPlainLines(text), undefined, JSON.stringify(text));
  }
});

plainLines.run();
