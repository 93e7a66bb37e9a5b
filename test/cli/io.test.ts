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

test.run();
