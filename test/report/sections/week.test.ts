import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../../src/domain/words.ts';
import { weekSection } from '../../../src/report/sections/week.ts';
import { textOf } from '../text-of.ts';

const section = suite('weekdays and hours');

section('say when most bans come, and each cell how many', () => {
  const week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  week[4] = Array.from({ length: 24 }, (_, hour) => (hour === 23 ? 54 : 1));
  const markup = weekSection({ week, writtenAt: 0 }, UTC);

  assert.match(textOf(markup), /none 54 bans busiest: Fri 23:00–00:00: 54 bans$/);
  assert.match(markup.text, /<title>Fri 22:00–23:00: 1 ban<\/title>/);
});

section('need no ban', () => {
  assert.match(textOf(weekSection({ week: [], writtenAt: 0 }, UTC)), /none 0 bans$/);
});

section.run();
