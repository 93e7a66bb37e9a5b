import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { lengthWithin, oneOf, path } from '../../src/config/fields.ts';

const fields = suite('values of config keys');

const read = (schema: v.GenericSchema, value: unknown): unknown => {
  const { success, output, issues } = v.safeParse(schema, value);
  return success ? output : issues[0].message;
};

fields('a path is absolute, and ends in no slash', () => {
  assert.equal(
    ['/a//b/', '/', '/a/../b'].map((text) => read(path, text)),
    ['/a/b', '/', '/b'],
  );
  assert.match(String(read(path, 'a')), 'an absolute path');
});

fields('a length is within its limits', () => {
  const schema = lengthWithin(1_000, 60_000, 'a time from 1s to 1m');

  assert.equal(
    ['1s', '1m', 5].map((value) => read(schema, value)),
    [1_000, 60_000, 5_000],
  );
  for (const value of ['999ms', '61s', 'soon'])
    assert.match(String(read(schema, value)), 'from 1s to 1m', value);
});

fields('a word is one of those that there are', () => {
  assert.is(read(oneOf('git', 'valkey'), 'git'), 'git');
  assert.match(String(read(oneOf('git', 'valkey'), 'cvs')), 'git or valkey');
});

fields.run();
