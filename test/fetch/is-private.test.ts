import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isPrivate } from '../../src/fetch/is-private.ts';

const test = suite('an address');

test('is private where it is of a machine or a network of one’s own, in whatever form', () => {
  const texts = [
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '172.31.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
  ];
  for (const text of [
    ...texts,
    '::',
    '::1',
    '::ffff:127.0.0.1',
    'fd00::1',
    'fe80::1',
    'fe80::1%eth0',
    'nothing',
  ])
    assert.ok(isPrivate(text), text);
});

test('is public where it is of the internet', () => {
  for (const text of ['203.0.113.1', '172.32.0.1', '2001:db8::1', '::2', '64:ff9b::1'])
    assert.not(isPrivate(text), text);
});

test.run();
