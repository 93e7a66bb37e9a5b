/** The last events as a table, newest first. */
import type { FeedEvent } from '../../feed/event.ts';
import { momentText } from '../amounts.ts';
import { eventRow } from './event-row.ts';
import { span } from '../line.ts';
import type { Panel } from '../screen.ts';
import { matches, rangeText, windowOf } from './scroll.ts';
import type { Seen } from '../seen.ts';
import type { View } from '../view.ts';

/** The table. */
export function eventsTable({ events, eventsTrouble, now, zone }: Seen, view: View, rows: number): Panel {
  const found = view.filter === '' ? events : events.filter((event) => isAbout(event, view.filter));
  const shown = windowOf(found.toReversed(), view.offset, rows);
  return {
    title: 'Events',
    note: eventsTrouble ?? rangeText(view, found.length),
    total: found.length,
    columns: [
      { title: 'TIME', min: 8, max: 11 },
      { title: 'EVENT', min: 7, max: 8 },
      { title: 'WHAT', min: 10, max: 400, grows: true },
    ],
    rows: shown.map((event) => {
      const { time, word, style, text } = eventRow(event, { now, zone });
      return [
        span(momentText(time, now, zone), 'dim'),
        span(word, style),
        span(text, style === 'dim' ? 'dim' : 'plain'),
      ];
    }),
    empty:
      view.filter === '' ? (eventsTrouble ?? 'no event is recorded') : `no event matches "${view.filter}"`,
  };
}

/** By all that it says, so that an address, a jail or a server is found, and the word of the kind too. */
function isAbout(event: FeedEvent, filter: string): boolean {
  return matches(
    filter,
    Object.values(event).filter((value): value is string => typeof value === 'string'),
  );
}
