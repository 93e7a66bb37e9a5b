import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { head, linesOf, nameOf } from '../../../src/exports/forms/form.ts';
import { entryOf } from '../entries.ts';

const test = suite('what forms share');

test('sets are named by the file, and by a hash too where its name is too long or has other characters', () => {
  const names = ['bans', 'bans.nft', 'bans.v4.nft', 'my-bans.nft', 'a_very_long_name_of.txt', '2.txt'].map(
    (file) => nameOf({ file }),
  );

  assert.equal(names.slice(0, 2), ['banspool_bans', 'banspool_bans']);
  assert.is(names[5], 'banspool_2');
  for (const name of names) assert.match(name, /^banspool_[A-Za-z0-9_]{1,17}$/);
  assert.is(new Set(names.slice(1)).size, 5);
});

test('a text comes in parts of a thousand lines', () => {
  const entries = Array.from({ length: 2_500 }, (_, index) => entryOf(`192.0.${index >> 8}.${index & 255}`));

  const parts = [...linesOf(entries, ({ net }) => net.text)];

  assert.equal(
    parts.map((part) => part.split('\n').length - 1),
    [1_000, 1_000, 500],
  );
  assert.equal(
    parts.join('').trimEnd().split('\n'),
    entries.map(({ net }) => net.text),
  );
  assert.equal([...linesOf(entries, ({ net }) => net.text, 'ipv6')], []);
});

test('a head is one line, and names no time', () => {
  assert.match(head({ file: 'bans.txt' }), /^# bans\.txt, [^0-9\n]*\n$/);
});

test.run();
