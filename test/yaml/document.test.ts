import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { readDocument } from '../../src/yaml/document.ts';

const document = suite('document');

const schema = v.strictObject({
  name: v.optional(v.string('expected a name')),
  list: v.optional(
    v.array(v.strictObject({ net: v.string('expected an address'), note: v.optional(v.string()) })),
  ),
});

const mistakesOf = (text: string): readonly string[] => {
  const read = readDocument(text, schema);
  if (read.kind === 'read') return [];
  return read.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

document('an empty file is an empty mapping, as is one of comments', () => {
  for (const text of ['', '\n', '# nothing\n', '---\n', '{}']) {
    const read = readDocument(text, schema);

    assert.equal(read.kind === 'read' ? read.value : undefined, {});
  }
});

document('a mistake stands where its key does', () => {
  const found = mistakesOf('# a comment\nname:\n  - 5\nlist:\n  - net: x\n  - { note: y, net: 5 }\n');

  assert.equal(found, ['2:1 name: expected a name', '6:16 list.1.net: expected an address']);
});

document('a key that is missing is a mistake of what should hold it', () => {
  const [found = ''] = mistakesOf('list:\n  - net: x\n  - note: y\n');

  assert.is(found, '3:5 net is missing');
});

document('all mistakes are found at once', () => {
  assert.is(mistakesOf('name: 5\nlist: 7\nmore: x\n').length, 3);
});

document('a text that is not YAML is a mistake with its place', () => {
  assert.equal(mistakesOf('name: x\nlist: [\n'), [
    '3:1 Flow sequence in block collection must be sufficiently indented and end with a ]',
  ]);
});

document('what the parser says of a text is told whole, whatever words stand in the text', () => {
  assert.equal(mistakesOf('name: ]\nx at line 3\n'), [
    '1:7 Unexpected flow-seq-end token in YAML stream: "]"; put it in quotes: "]"',
    '2:1 Unexpected scalar token in YAML stream: "x at line 3"',
  ]);
});

document('each mistake has a code that tells it from others without its words', () => {
  const texts = {
    'name: [': ['not-yaml'],
    'name: a\nname: b\n': ['repeated-key'],
    '01: a\n': ['odd-key'],
    'name: *a\n': ['alias'],
    'name: !!str a\n': ['tag'],
    'list: []\n  - net: a\n': ['adds-to-nothing'],
    'list: [{ net: a }]\n  - net: b\n': ['adds-to-closed'],
    '<<<<<<< a\n=======\n>>>>>>> b\n': ['merge-conflict'],
    '=======\n': ['left-of-conflict'],
    'list: [{ note: a }]\n': ['missing-key'],
    'names: a\n': ['unknown-key'],
    'name: 5\nlist: 5\n': ['wrong-value', 'wrong-value'],
    [`name: ${'['.repeat(20)}`]: ['too-deep'],
  };

  for (const [text, codes] of Object.entries(texts)) {
    const read = readDocument(text, schema);

    assert.equal(read.kind === 'mistakes' ? read.mistakes.map(({ code }) => code) : [], codes, text);
  }
});

document('a key that stands twice is told with the place of the first', () => {
  const join = 'join the two, or take one out';
  const cases = {
    'name: a\nlist: []\n\nname: b\n': [`4:1 name already stands at line 1: ${join}`],
    'name: a\n"name": b\nname: c\n': [
      `2:1 name already stands at line 1: ${join}`,
      `3:1 name already stands at line 1: ${join}`,
    ],
    'list:\n  - { net: a, net: b }\n': [`2:15 net already stands in this line: ${join}`],
    'list:\n  - net: a\n    note: x\n    net: b\n': [`4:5 net already stands at line 2: ${join}`],
    '? name\n: a\n? name\n: b\n': [`3:3 name already stands at line 1: ${join}`],
  };

  for (const [text, mistakes] of Object.entries(cases)) assert.equal(mistakesOf(text), mistakes, text);
});

document('a value of nothing with entries below it is told to go', () => {
  const cases = {
    'list: []\n  - { net: a }\n': '1:7 list: [] holds nothing, and line 2 adds to it: take the [] away',
    'list: []\n- net: a\n': '1:7 list: [] holds nothing, and line 2 adds to it: take the [] away',
    'name: a\nlist: [ ] # nobody\n\n  # but her\n  - net: a\n    note: b\n':
      '2:7 list: [ ] holds nothing, and line 5 adds to it: take the [ ] away',
    'list: []\r\n  - net: a\r\n': '1:7 list: [] holds nothing, and line 2 adds to it: take the [] away',
    'list: null\n  - net: a\n': '1:7 list: null holds nothing, and line 2 adds to it: take the null away',
    'list: none\n  - { net: a }\n': '1:7 list: none holds nothing, and line 2 adds to it: take the none away',
    'name:\n  first: {}\n    of: a\n':
      '2:10 first: {} holds nothing, and line 3 adds to it: take the {} away',
    '[]\n- { net: a }\n- { net: b }\n': '1:1 [] holds nothing, and line 2 adds to it: take the [] away',
    'list: [{ net: a }]\n  - { net: b }\n':
      '1:7 what list holds ends here with its ], and line 2 adds to it: put that line into the brackets',
  };

  for (const [text, mistake] of Object.entries(cases)) assert.equal(mistakesOf(text), [mistake], text);
});

document('a value of nothing that has nothing below it is none of these', () => {
  for (const text of [
    'list: []\nname: a\n',
    'list: []\n',
    'list: []\n# - net: a\n',
    'name: |\n  list: []\n    - a\n',
  ])
    assert.equal(mistakesOf(text), [], text);
});

document('a merge conflict is told as one, with its place, and nothing else is', () => {
  const keep =
    'keep what is meant of both sides, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>';
  const sides = '<<<<<<< HEAD\n  - { net: b }\n=======\n  - { net: c }\n>>>>>>> 1a2b3c4 (Deny: c)\n';
  const left = 'is a line that a merge conflict of git left: take it out';
  const cases = {
    [`list:\n  - { net: a }\n${sides}name: a\n`]: [`3:1 a merge conflict of git, up to line 7: ${keep}`],
    [`list:\n${sides.replaceAll('\n', '\r\n')}`]: [`2:1 a merge conflict of git, up to line 6: ${keep}`],
    [`list:\n${sides.replace('=======', '||||||| 5d6e7f8\n=======')}`]: [
      `2:1 a merge conflict of git, up to line 7: ${keep}`,
    ],
    [`list:\n${sides}  - { net: d }\n${sides}`]: [
      `2:1 a merge conflict of git, up to line 6: ${keep}`,
      `8:1 a merge conflict of git, up to line 12: ${keep}`,
    ],
    'name: a\n=======\nlist: []\n': [`2:1 ======= ${left}`],
    'name: a\n>>>>>>> other\n': [`2:1 >>>>>>> ${left}`],
    'name: a\n<<<<<<< HEAD\nlist: []\n': [`2:1 <<<<<<< ${left}`],
    '=======\n': [`1:1 ======= ${left}`],
  };

  for (const [text, mistakes] of Object.entries(cases)) assert.equal(mistakesOf(text), mistakes, text);
});

document('what only looks like a line of a merge conflict is read', () => {
  assert.equal(mistakesOf('# =======\nname: |\n  <<<<<<< HEAD\n  =======\n  >>>>>>> other\n'), []);
});

document('two documents in one file are a mistake', () => {
  assert.match(mistakesOf('name: a\n---\nname: b\n')[0] ?? '', /^2:1 .*multiple documents/);
});

document('aliases and tags are mistakes, with their place', () => {
  const found = mistakesOf('name: &n !!str x\nlist:\n  - net: *n\n  - net: !secret y\n');

  assert.equal(found, [
    '4:10 Unresolved tag: !secret; put it in quotes: "!secret y"',
    '1:16 tag:yaml.org,2002:str is a tag, and tags are not read here',
    '3:10 *n is an alias, and aliases are not read here; put it in quotes: "*n"',
    '4:18 !secret is a tag, and tags are not read here',
  ]);
});

document('a mapping of aliases that would be billions long is a mistake at once', () => {
  const lines = Array.from({ length: 30 }, (_, index) =>
    index === 0 ? 'a0: &a0 [x, x]' : `a${index}: &a${index} [*a${index - 1}, *a${index - 1}]`,
  );
  const startedAt = process.cpuUsage();

  const found = mistakesOf(lines.join('\n'));

  const { user } = process.cpuUsage(startedAt);
  assert.match(found[0] ?? '', /is an alias/);
  assert.ok(user < 1_000_000, `${user} µs`);
});

document(
  'a text that nests without end is a mistake: the parser would take the whole process with it',
  () => {
    for (const unit of ['[', '{', '- ', 'a: ']) {
      assert.equal(mistakesOf(unit.repeat(20_000)), ['1:1 nested more than 8 deep'], unit);
    }
  },
);

document('numbers and words are what YAML 1.2 says', () => {
  const read = readDocument('[022, 0o17, yes, ~, 2027-01-01, 1.5]', v.unknown());

  assert.equal(read.kind === 'read' ? read.value : undefined, [22, 15, 'yes', null, '2027-01-01', 1.5]);
});

document('the line of what was read can be asked for', () => {
  const read = readDocument('name: x\nlist:\n\n  - net: a\n\n  - net: b\n', schema);

  const lines =
    read.kind === 'read' ? [['name'], ['list', 0], ['list', 1], ['list', 7]].map(read.lineOf) : [];

  assert.equal(lines, [1, 4, 6, 2]);
});

document.run();
