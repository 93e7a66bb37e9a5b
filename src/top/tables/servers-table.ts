/** Servers and peers as tables: when they were heard, and what of them waits or was refused. */
import { numberText } from '../../domain/words.ts';
import { shortAgo } from '../amounts.ts';
import { span } from '../line.ts';
import type { Panel } from '../screen.ts';
import { matches, rangeText, windowOf } from './scroll.ts';
import type { Seen } from '../seen.ts';
import type { View } from '../view.ts';

/** Those with something waiting first, then by name. */
export function serversTable({ status, now }: Seen, view: View, rows: number): Panel {
  const found = status.servers
    .filter(({ name }) => matches(view.filter, [name]))
    .toSorted((a, b) => Math.sign(b.waiting) - Math.sign(a.waiting) || (a.name < b.name ? -1 : 1));
  const shown = windowOf(found, view.offset, rows);
  return {
    title: 'Servers',
    note: rangeText(view, found.length),
    total: found.length,
    columns: [
      { title: 'SERVER', min: 8, max: 40 },
      { title: 'LAST HEARD', align: 'right', min: 10, max: 10 },
      { title: 'WAITING', align: 'right', min: 8, max: 9 },
      { title: 'REFUSED', align: 'right', min: 8, max: 9 },
      { title: 'INTENTS', align: 'right', min: 8, max: 11, from: 56 },
    ],
    rows: shown.map(({ name, lastHeard, waiting, moreWaiting, refused, intents }) => [
      span(name, 'bold'),
      span(lastHeard === null ? 'never' : shortAgo(Date.parse(lastHeard), now)),
      span(`${numberText(waiting)}${moreWaiting ? '+' : ''}`, waiting > 0 ? 'plain' : 'dim'),
      span(numberText(refused), refused > 0 ? 'warning' : 'dim'),
      span(numberText(intents)),
    ]),
    empty: view.filter === '' ? 'no server sent anything yet' : `no server matches "${view.filter}"`,
  };
}

/** Undefined where this firewall has none, or where they could not be read. */
export function peersTable({ bans, now }: Seen, view: View, rows: number): Panel | undefined {
  if (bans.kind !== 'read' || bans.peers.length === 0) return undefined;
  const found = bans.peers.filter(({ name }) => matches(view.filter, [name]));
  const shown = windowOf(found, view.offset, rows);
  return {
    title: 'Peers',
    note: rangeText(view, found.length),
    total: found.length,
    columns: [
      { title: 'PEER', min: 8, max: 30 },
      { title: 'LAST HEARD', align: 'right', min: 10, max: 10 },
      { title: 'CLAIMS', align: 'right', min: 8, max: 9, from: 46 },
      { title: 'ENFORCED', align: 'right', min: 8, max: 9 },
      { title: 'REFUSED', align: 'right', min: 8, max: 9, from: 56 },
      { title: 'TROUBLE', min: 7, max: 60, grows: true },
    ],
    rows: shown.map(({ name, heard, claims, enforced, refused, trouble }) => [
      span(name, 'bold'),
      span(heard === null ? 'never' : shortAgo(heard, now)),
      span(numberText(claims)),
      span(numberText(enforced)),
      span(numberText(refused), refused > 0 ? 'warning' : 'dim'),
      span(trouble ?? '', 'warning'),
    ]),
    empty: `no peer matches "${view.filter}"`,
  };
}
