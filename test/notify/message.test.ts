import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clean } from '../../src/notify/message.ts';

const test = suite('the text of a message');

test('is one line of printable characters, of a length that fits a mail', () => {
  assert.is(clean('  a\r\nBcc: b\u001b[0m\u202e c\u2028 '), 'a Bcc: b [0m  c');
  assert.is(clean('x'.repeat(1_000)).length, 400);
  assert.is(clean('😀'.repeat(300), 5), '😀😀');
});

test.run();
