import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { orElse } from '../../src/system/or-else.ts';

const test = suite('what may be gone');

test('is read where it is there, and otherwise is what was said instead', () => {
  assert.is(
    orElse(() => readFileSync('/proc/self/comm', 'utf8') !== '', false),
    true,
  );
  assert.is(
    orElse(() => readFileSync('/no/such/file', 'utf8'), 'none'),
    'none',
  );
});

test.run();
