/**
 * What waits for a channel: changes of alarms, and notices of what has no end, those of a kind counted together. In:
 * the channel's state, which changes, and the news. Pure.
 */
import type { ChannelConfig } from '../config/channel-section.ts';
import type { Topic } from '../config/topics.ts';
import type { NewNotice } from './notice-of.ts';
import type { ChannelState, Change } from './state.ts';

/** Of different notices; what is beyond is counted as the others of its topic. */
const MOST_NOTICES = 100;

/** Of one notice. */
const MOST_LINES = 10;

export function hasTopic({ events }: ChannelConfig, topic: Topic): boolean {
  return events.includes(topic);
}

interface News extends Pick<Change, 'alarm' | 'since' | 'over'> {
  readonly now: number;
  /** It stands, and has become worse. */
  readonly isWorse?: boolean;
}

/** An alarm began, has become worse, or is over. */
export function addChange(channel: ChannelState, news: News): void {
  const { alarm, since, over, now, isWorse = false } = news;
  const { key } = alarm;
  const waiting = channel.changes[key];
  const told = channel.told[key];
  if (over === null) {
    const times = (waiting?.times ?? 0) + (isWorse ? 0 : 1);
    const worse = isWorse || (waiting?.isWorse ?? false);
    channel.changes[key] = { alarm, since: waiting?.since ?? since, over: null, times, isWorse: worse };
  } else if (waiting !== undefined) {
    channel.changes[key] = { ...waiting, over };
  } else if (told !== undefined) {
    channel.changes[key] = { alarm, since: told.since, over, times: 0, isWorse: false };
  } else return;
  channel.waitingSince ??= now;
}

/** Something happened. */
export function addNotice(channel: ChannelState, notice: NewNotice, now: number): void {
  const { topic, what, count, line } = notice;
  // A controller whose clock was set tells other times; they are shown as they are.
  const at = Number.isNaN(notice.time) ? now : notice.time;
  const isFull =
    channel.notices[notice.key] === undefined && Object.keys(channel.notices).length >= MOST_NOTICES;
  const key = isFull ? `${topic} others` : notice.key;
  const waiting = channel.notices[key];
  channel.notices[key] = {
    topic,
    what: isFull ? 'others' : what,
    first: waiting?.first ?? at,
    last: at,
    count: (waiting?.count ?? 0) + count,
    lines: [...(waiting?.lines ?? []), ...(line === undefined ? [] : [line])].slice(-MOST_LINES),
  };
  channel.waitingSince ??= now;
}
