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
  assert.equal(mistakesOf('name: a\nname: b\n'), ['2:1 Map keys must be unique']);
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
