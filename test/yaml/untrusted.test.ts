import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refusalText } from '../../src/domain/refusals.ts';
import { readUntrusted } from '../../src/yaml/untrusted.ts';

const untrusted = suite('untrusted');

const reasonOf = (text: string): string => {
  const read = readUntrusted(text);
  return read.kind === 'refused' ? refusalText(read.refusal) : 'read';
};

untrusted('every scalar stays the text that it is', () => {
  const read = readUntrusted(
    'a: 022\nb: 1.10\nc: yes\nd: null\ne: 0x16\nf: "x y"\ng: 2026-11-22\nh: 1e3\n...\n',
  );

  assert.equal(read, {
    kind: 'mapping',
    value: { a: '022', b: '1.10', c: 'yes', d: 'null', e: '0x16', f: 'x y', g: '2026-11-22', h: '1e3' },
  });
});

untrusted('lists and mappings are read, in both styles', () => {
  const read = readUntrusted('bans:\n  - { ip: a, time: b }\n  - ip: c\n    time: d\n');

  assert.equal(read, {
    kind: 'mapping',
    value: {
      bans: [
        { ip: 'a', time: 'b' },
        { ip: 'c', time: 'd' },
      ],
    },
  });
});

untrusted('lines may end as they do on Windows', () => {
  assert.equal(readUntrusted('a: b\r\nc: d\r\n...\r\n'), { kind: 'mapping', value: { a: 'b', c: 'd' } });
});

untrusted('what makes a text expensive or ambiguous is refused, and named', () => {
  const texts = {
    'a: &x b': 'an anchor (&x)',
    'a: &x b\nc: *x': 'an anchor (&x)',
    'a: !!int 5': 'a tag (tag:yaml.org,2002:int)',
    'a: !<tag:example.com,2026:x> b': 'a tag (tag:example.com,2026:x)',
    '%YAML 1.2\n---\na: b': 'a %YAML directive',
    '%TAG !e! tag:example.com,2026:\n---\na: b': 'a %TAG directive',
    '? [a, b]\n: c': 'a key that is not a plain word',
    '__proto__: { a: b }': 'the key "__proto__"',
    'constructor: x': 'the key "constructor"',
    'a: { prototype: x }': 'the key "prototype"',
    'a: 1\na: 2': 'not YAML: Map keys must be unique',
    'a: b\n...\nc: d': /^not YAML: .*multiple documents/,
    'a: b\n---\nc: d': /^not YAML: .*multiple documents/,
    '- a': 'not a mapping of keys to values',
    '': 'not a mapping of keys to values',
    'just words': 'not a mapping of keys to values',
    '{': /^not YAML: /,
    'a: "b': /^not YAML: /,
    'a: *x': 'an alias (*name)',
  };

  for (const [text, reason] of Object.entries(texts)) {
    if (typeof reason === 'string') assert.is(reasonOf(text), reason, text);
    else assert.match(reasonOf(text), reason, text);
  }
});

untrusted('a mapping that was read is a plain one', () => {
  const read = readUntrusted('"__proto_": { polluted: yes }\n"toString": x\n');

  assert.is(Object.getPrototypeOf(read.kind === 'mapping' ? read.value : null), Object.prototype);
  assert.not('polluted' in {});
});

untrusted('a text that nests deeply is refused before anything walks into it', () => {
  const units = ['[', '{', '- ', '? ', 'a: ', '[{', '{a: ', '? - ', ': ', '-\t', '[a,', '"a": ', '- - a: '];

  for (const unit of units) {
    assert.is(reasonOf(unit.repeat(Math.floor(8190 / unit.length))), 'nested more than 8 levels deep', unit);
  }
});

untrusted('brackets and dashes inside of words do not count as nesting', () => {
  const read = readUntrusted(`a: "${'['.repeat(50)}"\nb: x${'- '.repeat(50)}x\nc: '${'{'.repeat(50)}'\n`);

  assert.is(read.kind, 'mapping');
});

untrusted('a long list in one line does not count as nesting either', () => {
  const item = '{ ip: 203.0.113.7, time: 1, bantime: 2 }';

  assert.is(reasonOf(`bans: [${Array.from({ length: 50 }, () => item).join(', ')}]\n`), 'read');
});

untrusted('a text with more indicators than any intent has is refused before the parser sees it', () => {
  const ban = '{"ip":"203.0.113.7","time":"1795330538","bantime":"600"}';
  const longest = Array.from({ length: 140 }, () => ban).join(',');

  assert.is(reasonOf(`a: [${','.repeat(8_000)}]`), 'more than 3000 YAML indicators');
  assert.ok(longest.length > 7_900);
  assert.is(reasonOf(`{"bans":[${longest}]}`), 'read');
});

untrusted('8 KiB of junk are judged within a second', () => {
  const units = [
    ...[
      '}',
      ']',
      ',',
      '-\n',
      '?\n',
      'a:\n',
      '&a ',
      '!a ',
      '*a ',
      '"',
      "'",
      '#',
      '\t',
      '|\n',
      '>\n',
      '%',
      '`',
      '@',
    ],
    ...['---\n', '...\n', '%YAML 1.2\n---\n', 'a: &a [*a,*a]\n', '- &a\n', '[]\n', '{}: \n', '\\', '<<: x\n'],
  ];
  const counted = Array.from({ length: 1300 }, (_, index) => `k${index}:\n`).join('');
  const stairs = Array.from({ length: 125 }, (_, index) => `${' '.repeat(index)}a:\n`).join('');

  for (const text of [...units.map((unit) => unit.repeat(Math.floor(8190 / unit.length))), counted, stairs]) {
    const startedAt = process.cpuUsage();
    readUntrusted(text);
    const { user } = process.cpuUsage(startedAt);

    assert.ok(user < 1_000_000, text.slice(0, 20));
  }
});

untrusted('no text makes the reader throw', () => {
  const yamlish = fc.string({
    unit: fc.constantFrom(...Array.from('ab:- \n\t"\'[]{},&*!|>%#?@`\\.~'), '---\n', '...\n', '<<', '!!'),
    maxLength: 60,
  });

  fc.assert(
    fc.property(fc.oneof(yamlish, fc.string({ unit: 'binary' })), (text) => {
      assert.ok(reasonOf(text).length > 0);
    }),
    { numRuns: 500 },
  );
});

untrusted.run();
