/** Bans as a table, those with the most packets first; without packets, those of the most servers. */
import { agoText, numberText } from '../../domain/words.ts';
import { bytesText, rateText, shortSpan } from '../amounts.ts';
import { span, type Span } from '../line.ts';
import type { Panel } from '../screen.ts';
import type { Seen, SeenBan, SeenBans } from '../seen.ts';
import { matches, rangeText, windowOf } from './scroll.ts';
import type { Column } from './table.ts';
import type { Sort, View } from '../view.ts';

const COLUMNS: readonly Column[] = [
  { title: 'ADDRESS', min: 15, max: 43 },
  { title: 'JAIL', min: 8, max: 20 },
  { title: 'SERVERS', min: 8, max: 30, from: 56, grows: true },
  { title: 'SINCE', align: 'right', min: 6, max: 6, from: 80 },
  { title: 'BYTES', align: 'right', min: 8, max: 8, from: 90 },
  { title: 'PACKETS', align: 'right', min: 9, max: 13 },
  { title: 'PACKETS/S', align: 'right', min: 9, max: 9, from: 46 },
];

const TITLES: Readonly<Record<Sort, string>> = {
  packets: 'Top by packets',
  rate: 'Top by packets a second',
  servers: 'Bans by number of servers',
  jail: 'Bans by jail',
  address: 'Bans by address',
};

/** The table. */
export function bansTable({ bans: seen, now }: Seen, view: View, rows: number): Panel {
  if (seen.kind === 'waiting') return { ...NOTHING, title: TITLES[view.sort], empty: 'reading the bans…' };
  if (seen.kind === 'unreadable') return { ...NOTHING, title: TITLES[view.sort], empty: seen.why };
  const sort = sortOf(seen, view);
  const found = topOf(seen.bans, view.filter, { sort, most: view.offset + rows });
  const shown = windowOf(found.first, view.offset, rows);
  const read = `read ${agoText(seen.at, now)}`;
  return {
    columns: COLUMNS,
    rows: shown.map((ban) => rowOf(ban, now)),
    title: TITLES[sort],
    note: [rangeText(view, found.total), seen.uncounted ?? read].join('; '),
    total: found.total,
    empty: view.filter === '' ? 'no address is banned' : `no ban matches "${view.filter}"`,
  };
}

const NOTHING = { columns: COLUMNS, rows: [], note: '', total: 0 };

/** Where nothing was counted, those that more servers banned come first. */
function sortOf({ uncounted }: Extract<SeenBans, { kind: 'read' }>, { sort }: View): Sort {
  return uncounted !== undefined && (sort === 'packets' || sort === 'rate') ? 'servers' : sort;
}

/** How many match, and the first of them. */
function topOf(
  bans: readonly SeenBan[],
  filter: string,
  { sort, most }: { readonly sort: Sort; readonly most: number },
): { readonly first: readonly SeenBan[]; readonly total: number } {
  const matching =
    filter === '' ? bans : bans.filter(({ ip, jail, servers }) => matches(filter, [ip, jail, ...servers]));
  return { first: firstOf(matching, ORDERS[sort], most), total: matching.length };
}

type Order = (a: SeenBan, b: SeenBan) => number;

/** What nobody counted comes after all that was. */
function countOf({ packets }: SeenBan): number {
  return packets ?? -1;
}

const byPackets: Order = (a, b) => countOf(b) - countOf(a);
/** Those that were read come by address. */
const byAddress: Order = () => 0;

const ORDERS: Readonly<Record<Sort, Order>> = {
  packets: byPackets,
  rate: (a, b) => (b.rate ?? 0) - (a.rate ?? 0) || byPackets(a, b),
  servers: (a, b) => b.servers.length - a.servers.length || byPackets(a, b),
  jail: (a, b) => (a.jail < b.jail ? -1 : a.jail > b.jail ? 1 : byPackets(a, b)),
  address: byAddress,
};

/** The first so many in that order. Of 100,000 bans a screen shows fifty, each second: they are not all sorted. */
function firstOf(bans: readonly SeenBan[], order: Order, most: number): readonly SeenBan[] {
  const first: SeenBan[] = [];
  for (const ban of bans) {
    const last = first.at(-1);
    if (first.length >= most && last !== undefined && order(last, ban) <= 0) continue;
    let place = first.length;
    for (; place > 0; place -= 1) {
      const before = first[place - 1];
      if (before === undefined || order(before, ban) <= 0) break;
    }
    first.splice(place, 0, ban);
    if (first.length > most) first.pop();
  }
  return first;
}

function rowOf({ ip, jail, servers, since, packets, bytes, rate }: SeenBan, now: number): readonly Span[] {
  return [
    span(ip, 'bold'),
    span(jail),
    span(servers.join(', ')),
    span(since === null ? '-' : shortSpan(now - since), 'dim'),
    span(bytes === null ? '-' : bytesText(bytes), 'dim'),
    span(packets === null ? '-' : numberText(packets)),
    span(rate === null ? '-' : rateText(rate), rate === null || rate === 0 ? 'dim' : 'plain'),
  ];
}
