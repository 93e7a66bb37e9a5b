import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { readDocument } from '../../src/yaml/document.ts';
import { mistakesOf, schema } from './mistakes-of.ts';

const document = suite('document');

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

document('two documents in one file are a mistake', () => {
  assert.match(mistakesOf('name: a\n---\nname: b\n')[0] ?? '', /^2:1 .*multiple documents/);
});

document('aliases and tags are mistakes, with their place', () => {
  const found = mistakesOf('name: &n !!str x\nlist:\n  - net: *n\n  - net: !secret y\n');

  assert.equal(found, [
    '4:10 Unresolved tag: !secret; put it in quotes: "!secret y"',
    '1:16 tag:yaml.org,2002:str is a tag, and tags are not supported',
    '3:10 *n is an alias, and aliases are not supported; put it in quotes: "*n"',
    '4:18 !secret is a tag, and tags are not supported',
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
