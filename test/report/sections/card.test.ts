import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { card, moment, nothing } from '../../../src/report/sections/card.ts';

const cards = suite('a card');

cards('is a section with a heading that names it', () => {
  const { text } = card({ id: 'a', title: 'Bans <now>', note: 'all' }, nothing('None.'));

  assert.match(
    text,
    /^<section id="a" class="card" aria-labelledby="a-title"> <h2 id="a-title">Bans &lt;now&gt;<\/h2>/,
  );
  assert.match(text, /<p class="note">all<\/p> <p class="nothing">None\.<\/p> <\/section>/);
  assert.match(card({ id: 'a', title: 'b', isWide: true }).text, /class="card full"/);
});

cards('has times that programs can read', () => {
  assert.is(
    moment(0, 'long ago').text,
    '<time datetime="1970-01-01T00:00:00.000Z" title="1970-01-01T00:00:00.000Z">long ago</time>',
  );
});

cards.run();
