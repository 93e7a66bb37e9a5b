import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import type { ListInForce } from '../../../src/sources/lists/list-in-force.ts';
import { listText, nameWithNote, viewLists } from '../../../src/sources/lists/list-view.ts';
import { tableOf } from '../../lists/table-of.ts';

const viewing = suite('a list as people see it');

const NOW = Date.parse('2026-11-29T12:00:00Z');
const HOUR = 3600 * 1000;

const table = tableOf(['9.9.9.0/24', '9.9.8.1', '9.9.8.3'].map(netOf));

const LIST: ListInForce = {
  ...{ name: 'drop', note: 'Spam\u001bhaus', from: 'drop.txt', table },
  facts: {
    format: 'plain',
    lines: 9,
    entries: 1310,
    unread: 1,
    private: 2,
    tooWide: 0,
    sha256: 'ab'.repeat(32),
  },
  ...{ takenAt: NOW - 3 * HOUR, confirmed: NOW - HOUR, trouble: undefined },
};

viewing('tells what is dropped of it, what is not, and how old it is', () => {
  const concluded = { name: 'drop', table, allowed: [], spared: { allowed: 1, own: 0 }, basis: '' };

  const [view] = viewLists([LIST], [concluded]);

  assert.equal(
    [view?.nets, view?.entries, view?.notEnforced.allowed, view?.notEnforced.private],
    [2, 1310, 1, 2],
  );
  assert.is(
    view === undefined ? '' : listText(view, NOW),
    'drop (Spam haus): 2 networks of 1,310 entries dropped, 1 allowed, 2 private, 1 not understood, ' +
      'confirmed 1 h ago, sha256 abababababab',
  );
});

viewing('tells of one that never came that nothing of it is dropped, and why', () => {
  const trouble = { reason: 'Missing', message: '' } as const;
  const nothing = {
    ...LIST,
    table: tableOf([]),
    facts: undefined,
    takenAt: undefined,
    confirmed: undefined,
    trouble,
  };

  const [view] = viewLists([nothing], []);

  assert.equal(
    [view?.nets, view?.sha256, view?.takenAt, view?.confirmedAt, view?.reason],
    [0, null, null, null, 'Missing'],
  );
  assert.is(nameWithNote({ name: 'drop', note: null }), 'drop');
});

viewing.run();
