import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../../src/domain/words.ts';
import { listsSection } from '../../../src/report/sections/lists.ts';
import { NOW } from '../../support/made-up-report.ts';
import { textOf } from '../text-of.ts';

const section = suite('lists');

section('say what of each is dropped, how old it is, and why it is not renewed', () => {
  const lists = [
    { name: 'drop', note: 'Spamhaus', nets: 1398, entries: 1410, confirmedAt: NOW - 3_600_000 },
    { name: 'mine', note: undefined, nets: 0, entries: 0, confirmedAt: undefined, trouble: 'Missing' },
  ];

  const text = textOf(listsSection({ lists, writtenAt: NOW }, UTC));

  assert.match(text, /drop Spamhaus 1,398 1,410 60 min ago/);
  assert.match(text, /mine 0 0 Missing never/);
});

section('are no section where there are none', () => {
  assert.is(textOf(listsSection({ lists: [], writtenAt: NOW }, UTC)).trim(), '');
});

section.run();
