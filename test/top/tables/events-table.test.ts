import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventsTable } from '../../../src/top/tables/events-table.ts';
import { FIRST_VIEW } from '../../../src/top/view.ts';
import { bannedEvent, seenOf } from '../../support/top-seen.ts';

const test = suite('top/events-table');

const SEEN = seenOf({
  events: [
    bannedEvent('192.0.2.1'),
    bannedEvent('192.0.2.2', { server: 'mail' }),
    { kind: 'started', time: '2026-11-29T11:59:59.000Z' },
  ],
});

function shown(filter: string, rows = 10): readonly string[] {
  return eventsTable(SEEN, { ...FIRST_VIEW, filter }, rows).rows.map((row) =>
    row.map(({ text }) => text).join(' '),
  );
}

test('the newest event comes first', () => {
  assert.equal(shown('', 2), [
    '11:59:59 started the controller started',
    '11:59:30 banned 192.0.2.2 in sshd by mail until 13:00:00, 5 failures',
  ]);
});

test('a filter is looked for in an address, a jail, a server and the kind', () => {
  assert.is(shown('192.0.2.1').length, 1);
  assert.is(shown('sshd').length, 2);
  assert.is(shown('MAIL').length, 1);
  assert.is(shown('started').length, 1);
  assert.is(shown('nothing').length, 0);
});

test('where the feed cannot be read, that is said in place of what it holds', () => {
  const closed = eventsTable(seenOf({ eventsTrouble: 'cannot read the feed: EACCES' }), FIRST_VIEW, 10);

  for (const text of [closed.note, closed.empty]) assert.is(text, 'cannot read the feed: EACCES');
});

test.run();
