import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Panel } from '../../../src/top/screen.ts';
import { peersTable, serversTable } from '../../../src/top/tables/servers-table.ts';
import { FIRST_VIEW } from '../../../src/top/view.ts';
import { NOW, seenOf, serverOf, STATUS } from '../../support/top-seen.ts';

const test = suite('top/servers-table');

function texts(panel: Panel | undefined): readonly (readonly string[])[] | undefined {
  return panel?.rows.map((row) => row.map(({ text }) => text));
}

const SERVERS = seenOf({
  status: {
    ...STATUS,
    servers: [
      serverOf('web2', { lastHeard: new Date(NOW - 90_000).toISOString(), intents: 4_000 }),
      serverOf('web1', { refused: 3 }),
      serverOf('zoo', { waiting: 45_000, moreWaiting: true }),
    ],
  },
});

test('servers with something waiting come first, then all by name', () => {
  assert.equal(texts(serversTable(SERVERS, FIRST_VIEW, 10)), [
    ['zoo', 'never', '45,000+', '0', '0'],
    ['web1', 'never', '0', '3', '0'],
    ['web2', '1 min ago', '0', '0', '4,000'],
  ]);
});

test('a filter leaves those of that name', () => {
  const found = serversTable(SERVERS, { ...FIRST_VIEW, filter: 'WEB' }, 1);

  assert.equal([found.total, found.rows.length, found.note], [2, 1, '2 match']);
  assert.is(serversTable(SERVERS, { ...FIRST_VIEW, filter: 'x' }, 1).empty, 'no server matches "x"');
});

test('peers are told where there are any', () => {
  const peer = {
    name: 'fw2',
    heard: NOW - 5_000,
    claims: 1_000,
    enforced: 7,
    refused: 0,
    trouble: 'is silent',
  };
  const read = { kind: 'read', at: NOW, bans: [], uncounted: undefined } as const;

  assert.equal(texts(peersTable(seenOf({ bans: { ...read, peers: [peer] } }), FIRST_VIEW, 10)), [
    ['fw2', '5 s ago', '1,000', '7', '0', 'is silent'],
  ]);
  assert.is(peersTable(seenOf({ bans: { ...read, peers: [] } }), FIRST_VIEW, 10), undefined);
  assert.is(peersTable(seenOf({ bans: { kind: 'waiting' } }), FIRST_VIEW, 10), undefined);
});

test.run();
