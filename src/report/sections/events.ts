/** What happened last, a line each. */
import type { FeedEvent } from '../../feed/event.ts';
import { countText, type Zone } from '../../domain/words.ts';
import { html, type Content, type Markup } from '../markup.ts';
import type { Report } from '../report.ts';
import { listText, momentText } from '../words.ts';
import { card, moment, nothing } from './card.ts';

/** As many as fill the place beside other sections; the others are folded. */
const SHOWN = 15;

/** Newest first. */
export function eventsSection(
  { events, writtenAt }: Pick<Report, 'events' | 'writtenAt'>,
  zone: Zone,
): Markup {
  const more = events.slice(SHOWN);
  return card(
    { id: 'events', title: 'Last events', note: `Newest first, ${zone(writtenAt).name}` },
    events.length === 0 ? nothing('Nothing has happened yet.') : listOf(events.slice(0, SHOWN), zone),
    more.length > 0 &&
      html`<details class="more">
        <summary>${more.length} more</summary>
        ${listOf(more, zone)}
      </details>`,
  );
}

function listOf(events: Report['events'], zone: Zone): Markup {
  return html`<ol class="events">
    ${events.map((event) => {
      const time = Date.parse(event.time);
      const when = Number.isNaN(time) ? event.time : moment(time, momentText(time, zone));
      return html`<li>
        <span class="when">${when}</span> <span class="kind ${toneOf(event)}">${event.kind}</span>
        <span class="what">${eventText(event)}</span>
      </li>`;
    })}
  </ol>`;
}

function toneOf(event: FeedEvent): string {
  if (event.kind === 'condition') return event.status === 'True' ? 'fine' : 'bad';
  return event.kind === 'refused' || event.kind === 'drift' ? 'bad' : 'plain';
}

function eventText(event: FeedEvent): Content {
  switch (event.kind) {
    case 'banned':
    case 'changed':
      return html`<code>${event.ip}</code> in ${event.jail} by
        ${event.server}${event.reason !== null && `: ${event.reason}`}`;
    case 'ended':
      return html`<code>${event.ip}</code> in ${event.jail} by ${event.server}:
        ${event.why}${event.peer !== null && ` by ${event.peer}`}`;
    case 'refused':
      return html`${event.server}: ${event.reason}`;
    case 'drift':
      return html`${event.line}${event.culprits.length > 0 && ` (${listText(event.culprits)})`}`;
    case 'policy':
      return event.line;
    case 'condition':
      return html`${event.condition} is
      ${event.status === 'True' ? 'true again' : `false (${event.reason}): ${event.message}`}`;
    case 'started':
    case 'stopped':
      return 'the controller';
    case 'more':
      return `${countText(event.count, 'event')} of the kind ${event.of}`;
  }
}
