import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonForm } from '../../../src/exports/forms/json.ts';
import { ENTRIES, textOf } from '../entries.ts';

const test = suite('JSON');

test('has an entry a line, with its jails and its end', () => {
  const text = textOf(jsonForm, { entries: ENTRIES.slice(0, 2) });

  assert.equal(JSON.parse(text), {
    version: 1,
    entries: [
      { address: '192.0.2.0/24', family: 'ipv4', jails: ['sshd'], until: '2026-11-29T12:00:00.000Z' },
      { address: '192.0.2.7', family: 'ipv4', jails: ['postfix', 'sshd'], until: null },
    ],
  });
  assert.is(text.split('\n').length, 5);
});

test('is JSON where nobody is banned', () => {
  assert.equal(JSON.parse(textOf(jsonForm, { entries: [] })), { version: 1, entries: [] });
});

test.run();
