/** What an event of the feed is told as; conditions are told by what stands in status.json. Pure. */
import type { Topic } from '../config/topics.ts';
import type { FeedEvent } from '../feed/event.ts';
import { clean } from './message.ts';
import { culpritOf, OTHERS } from './tally.ts';

export interface NewNotice {
  /** In milliseconds since 1970; NaN where the event has none. */
  readonly time: number;
  /** Notices of the same key are counted together. */
  readonly key: string;
  readonly topic: Extract<Topic, 'drift' | 'refused' | 'policy' | 'ban'>;
  readonly what: string;
  readonly count: number;
  readonly line: string | undefined;
}

/** Undefined for what nobody is told. */
export function noticeOf(event: FeedEvent): NewNotice | undefined {
  const untimed = untimedOf(event);
  return untimed && { ...untimed, time: Date.parse(event.time) };
}

type Untimed = Omit<NewNotice, 'time'>;

function untimedOf(event: FeedEvent): Untimed | undefined {
  switch (event.kind) {
    case 'drift': {
      const what = culpritOf(event.culprits);
      return { key: `drift ${what}`, topic: 'drift', what, count: event.changes, line: clean(event.line) };
    }
    case 'refused': {
      const what = clean(`${event.server} (${event.code})`, 120);
      const line = clean(`${event.file}: ${event.reason}`);
      return { key: `refused ${what}`, topic: 'refused', what, count: 1, line };
    }
    case 'policy':
      return { key: 'policy', topic: 'policy', what: 'policy.yaml', count: 1, line: clean(event.line) };
    case 'banned':
      return { key: 'ban', topic: 'ban', what: 'bans', count: 1, line: banLine(event) };
    case 'more':
      return ofMore(event.of, event.count);
    case 'changed':
    case 'ended':
    case 'condition':
    case 'started':
    case 'stopped':
      return undefined;
  }
}

function banLine(event: Extract<FeedEvent, { kind: 'banned' | 'changed' }>): string {
  const reason = event.reason === null ? '' : `: ${event.reason}`;
  return clean(`${event.ip} in ${event.jail} by ${event.server}${reason}`);
}

function ofMore(of: string, count: number): Untimed | undefined {
  if (of === 'banned') return { key: 'ban', topic: 'ban', what: 'bans', count, line: undefined };
  if (of !== 'drift' && of !== 'refused') return undefined;
  return { key: `${of} others`, topic: of, what: OTHERS, count, line: undefined };
}
