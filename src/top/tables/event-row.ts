/** An event as a line of the screen: when, what, and whom it is about. Its texts are as strangers wrote them. */
import type { FeedEvent } from '../../feed/event.ts';
import { countText } from '../../domain/words.ts';
import { momentText } from '../amounts.ts';
import type { Style } from '../line.ts';
import type { Seen } from '../seen.ts';

/** When it is shown, and on what clocks. */
type Moment = Pick<Seen, 'now' | 'zone'>;

interface EventRow {
  readonly time: number;
  readonly word: string;
  readonly style: Style;
  readonly text: string;
}

/** In words. */
export function eventRow(event: FeedEvent, { now, zone }: Moment): EventRow {
  return { time: Date.parse(event.time), ...wordsOf(event, { now, zone }) };
}

function wordsOf(event: FeedEvent, moment: Moment): Omit<EventRow, 'time'> {
  switch (event.kind) {
    case 'banned':
    case 'changed':
      return {
        word: event.kind,
        style: 'plain',
        text: `${whoOf(event)} ${endOf(event.until, moment)}${whyOf(event)}`,
      };
    case 'ended': {
      const by = event.peer === null ? '' : ` by ${event.peer}`;
      return { word: 'ended', style: 'dim', text: `${whoOf(event)}: ${event.why}${by}` };
    }
    case 'refused':
      return { word: 'refused', style: 'warning', text: `${event.server}/${event.file}: ${event.reason}` };
    case 'drift':
      return { word: 'drift', style: 'warning', text: withoutPrefix(event.line, 'drift: ') };
    case 'policy':
      return { word: 'policy', style: 'plain', text: event.line };
    case 'condition':
      return event.status === 'True'
        ? { word: 'well', style: 'good', text: `${event.condition} is true again` }
        : {
            word: 'wrong',
            style: 'bad',
            text: `${event.condition} is false (${event.reason}): ${event.message}`,
          };
    case 'started':
    case 'stopped':
      return { word: event.kind, style: 'bold', text: `the controller ${event.kind}` };
    case 'more':
      return { word: event.of, style: 'dim', text: `and ${countText(event.count, 'more', 'more')}` };
  }
}

function whoOf({ ip, jail, server }: { ip: string; jail: string; server: string }): string {
  return `${ip} in ${jail} by ${server}`;
}

function endOf(until: string | null, { now, zone }: Moment): string {
  return until === null ? 'until unbanned' : `until ${momentText(Date.parse(until), now, zone)}`;
}

function whyOf({ failures, reason }: { failures: number | null; reason: string | null }): string {
  const count = failures === null ? '' : `, ${countText(failures, 'failure')}`;
  return reason === null || reason === '' ? count : `${count}: ${reason}`;
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
