import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { columns, json, paint } from '../../src/cli/io.ts';
import { HeardIo } from './heard-io.ts';

const test = suite('what a command says');

test('is in colour where there is colour, whatever the test itself writes to', () => {
  assert.is(paint(new HeardIo(), 'red', 'bad'), 'bad');
  assert.is(paint(new HeardIo({ color: true }), 'red', 'bad'), '\u001b[31mbad\u001b[39m');
});

test('stands in columns as wide as their widest cell, without blanks at the ends of lines', () => {
  const rows = [
    ['203.0.113.7', 'sshd', 'web1'],
    ['10.0.0.0/8', 'a', ''],
  ];

  const text = columns(new HeardIo(), ['ADDRESS', 'JAIL', 'SERVERS'], rows);

  assert.is(text, 'ADDRESS      JAIL  SERVERS\n203.0.113.7  sshd  web1\n10.0.0.0/8   a\n');
});

test('is one JSON document that names its version, where that is asked for', () => {
  const io = new HeardIo();

  json(io, { bans: [] });

  assert.is(io.stdout, '{\n  "version": 1,\n  "bans": []\n}\n');
});

test('in JSON has nothing that a terminal obeys, and the same values', () => {
  const value = fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 });
  fc.assert(
    fc.property(value, (texts) => {
      const odd = [...texts, 'a\n\u009b2J\u202e\u2028\u{e0001}\ud800\u007f'];
      const io = new HeardIo();

      json(io, { odd });

      assert.not.match(io.stdout.replaceAll('\n', ''), /[\p{C}\p{Zl}\p{Zp}]/u);
      assert.equal(JSON.parse(io.stdout), { version: 1, odd });
    }),
  );
});

test.run();
