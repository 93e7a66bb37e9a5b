import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseJsonLine } from '../../../src/lists/formats/json-lines.ts';
import { exampleList, readList } from '../examples.ts';

const json = suite('a line of JSON');

json('names a net, and Spamhaus’ number of it', () => {
  assert.equal(readList(exampleList('drop_v4.jsonl')).told, [
    ['203.0.113.0/26', { reason: 'SBL256894' }],
    ['198.51.100.0/24', { reason: 'SBL434604' }],
  ]);
  assert.equal(readList(exampleList('drop_v6.jsonl')).told, [
    ['2001:db8:1000::/36', { reason: 'SBL301771' }],
  ]);
});

json('may name it by another key, and say why', () => {
  const { told } = readList(
    '{"ip":"203.0.113.7","reason":" Müller "}\n{"range":"203.0.113.7-203.0.113.8"}\n',
  );

  assert.equal(told, [
    ['203.0.113.7', { reason: 'Müller' }],
    ['203.0.113.7-203.0.113.8', undefined],
  ]);
});

for (const line of ['', ' ', '; Spamhaus', '# mine', '{"type":"metadata","records":2}'])
  json(`${line || 'no text'} is nothing to read`, () => {
    assert.is(parseJsonLine(line), 'nothing');
  });

for (const line of [
  ...['{', '{}', '[]', 'null', '"203.0.113.7"', '203.0.113.7', '{"cidr":7}', '{"cidr":"example.org"}'],
  ...['{"cidr":["203.0.113.7"]}', '{"__proto__":{"cidr":"203.0.113.7"}}', '{"asn":64500}'],
])
  json(`${line} is not understood`, () => {
    assert.is(parseJsonLine(line), 'unread');
  });

json.run();
