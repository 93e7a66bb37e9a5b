import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bansTable } from '../../../src/top/tables/bans-table.ts';
import type { SeenBan, SeenBans } from '../../../src/top/seen.ts';
import { FIRST_VIEW, type View } from '../../../src/top/view.ts';
import { banOf, NOW, seenOf } from '../../support/top-seen.ts';

const test = suite('top/bans-table');

const BANS: readonly SeenBan[] = [
  banOf('192.0.2.1', { packets: 10, rate: 3, jail: 'nginx' }),
  banOf('192.0.2.2', { packets: 1_200, bytes: 72_000, rate: 0.5, servers: ['web1', 'web2', 'mail'] }),
  banOf('192.0.2.3', { packets: 0, jail: 'nginx', servers: ['mail', 'web2'], since: null }),
];

function tableOf(view: Partial<View>, bans: Partial<Extract<SeenBans, { kind: 'read' }>> = {}, rows = 10) {
  const read = { kind: 'read', at: NOW - 2_000, bans: BANS, peers: [], uncounted: undefined } as const;
  return bansTable(seenOf({ bans: { ...read, ...bans } }), { ...FIRST_VIEW, ...view }, rows);
}

function order(view: Partial<View>): string {
  return tableOf(view)
    .rows.map(([address]) => address?.text.at(-1))
    .join('');
}

test('is sorted as it was asked', () => {
  assert.is(order({}), '213');
  assert.is(order({ sort: 'rate' }), '123');
  assert.is(order({ sort: 'servers' }), '231');
  assert.is(order({ sort: 'jail' }), '132');
  assert.is(order({ sort: 'address' }), '123');
});

test('is filtered by an address, a jail or a server, and says how many match', () => {
  assert.is(order({ filter: '0.2.2' }), '2');
  assert.is(order({ filter: 'NGINX' }), '13');
  assert.is(order({ filter: 'mail' }), '23');
  assert.match(tableOf({ filter: 'mail' }).note, /^2 match; /);
  assert.is(tableOf({ filter: 'x' }).empty, 'no ban matches "x"');
});

test('tells amounts with their units, and when they were read', () => {
  const { rows, note, title } = tableOf({});

  assert.equal(
    rows[0]?.map(({ text }) => text),
    ['192.0.2.2', 'sshd', 'web1, web2, mail', '1 min', '72.0 kB', '1,200', '0.5'],
  );
  assert.is(note, '3; read 2 s ago');
  assert.is(title, 'Top by packets');
});

test('has no packets where nobody may count them, and says why', () => {
  const bans = BANS.map((ban) => ({ ...ban, packets: null, bytes: null, rate: null }));
  const { rows, note, title } = tableOf({}, { bans, uncounted: 'only root can read packets' });

  assert.is(title, 'Bans by number of servers');
  assert.is(note, '3; only root can read packets');
  assert.equal(
    rows.map((row) => [row[0]?.text.at(-1), row[5]?.text]),
    [
      ['2', '-'],
      ['3', '-'],
      ['1', '-'],
    ],
  );
});

test('says that it is being read, or why it cannot be', () => {
  const waiting = bansTable(seenOf({ bans: { kind: 'waiting' } }), FIRST_VIEW, 10);
  const unreadable = bansTable(
    seenOf({ bans: { kind: 'unreadable', why: 'it is damaged' } }),
    FIRST_VIEW,
    10,
  );

  assert.equal([waiting.empty, unreadable.empty], ['reading the bans…', 'it is damaged']);
  assert.is(tableOf({}, { bans: [] }).empty, 'no address is banned');
});

test('its first rows are those that sorting all of them gives', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(20)),
      fc.nat(10),
      fc.integer({ min: 1, max: 10 }),
      (packets, offset, rows) => {
        const bans = packets.map((count, index) => banOf(String(index), { packets: count }));
        const sorted = bans.toSorted((a, b) => (b.packets ?? 0) - (a.packets ?? 0)).map(({ ip }) => ip);
        const first = Math.min(offset, Math.max(0, bans.length - 1));

        const shown = tableOf({ offset }, { bans }, rows).rows.map(([address]) => address?.text);

        assert.equal(shown, sorted.slice(first, first + rows));
      },
    ),
  );
});

test.run();
