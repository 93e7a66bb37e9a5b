import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BanspoolError, errnoOf, messageOf, messageWithMend } from '../../src/system/error.ts';

const test = suite('an error');

test('of whatever kind is told in one line, and with what mends it where that is known', () => {
  const known = new BanspoolError('io', 'it broke\nand how', { hint: 'mount it' });

  assert.is(messageOf(known), 'it broke');
  assert.is(messageOf('just text\nof two lines'), 'just text');
  assert.is(messageWithMend(known), 'it broke; fix: mount it');
  assert.is(messageWithMend(new Error('it broke')), 'it broke');
});

test('of ours keeps its code and its cause', () => {
  const cause = new Error('below');
  const error = new BanspoolError('locked', 'it is held', { cause });

  assert.equal([error.code, error.cause, error.hint], ['locked', cause, undefined]);
});

test('of a system call has a code of its own, and ours has none of these', () => {
  const missing = ((): unknown => {
    try {
      return readFileSync('/no/such/file');
    } catch (error) {
      return error;
    }
  })();

  assert.is(errnoOf(missing), 'ENOENT');
  assert.is(errnoOf(new Error('it broke')), undefined);
  assert.is(errnoOf({ code: 'ENOENT' }), undefined);
});

test.run();
