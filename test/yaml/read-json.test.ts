import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { readJson } from '../../src/yaml/read-json.ts';

const test = suite('JSON of a known form');

const schema = v.pipe(
  v.object({ at: v.number() }),
  v.transform(({ at }) => at + 1),
);

test('is what the schema makes of it, and nothing where it has another form', () => {
  assert.equal(
    ['{"at":1}', '{"at":1,"more":2}', '{"at":"1"}', '{}', '[]', 'null', '1', ''].map((text) =>
      readJson(schema, text),
    ),
    [2, 2, ...Array.from({ length: 6 }, () => undefined)],
  );
});

test('is nothing in text that is not JSON, however deep, and no text throws', () => {
  for (const text of ['at: 1', '{"at":1', `{"at":${'['.repeat(100_000)}`])
    assert.is(readJson(schema, text), undefined, text.slice(0, 20));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      readJson(schema, text);
    }),
  );
});

test.run();
