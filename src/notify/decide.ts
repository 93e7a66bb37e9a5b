/**
 * What is to be told, to whom and when: from what is wrong and what happened to one message at a time for each channel.
 * In: what was known before, what is seen now, the config. Out: what is known then. What must stay true: a channel gets
 * at most `limit` messages an hour, and the end of each alarm that it was told of. Pure.
 */
import type { NotifyConfig } from '../config/notify-section.ts';
import { timeText, type Zone } from '../domain/words.ts';
import type { FeedEvent } from '../feed/event.ts';
import type { StatusRecord } from '../status/status-record.ts';
import { addChange, addNotice, hasTopic } from './channel.ts';
import { compose } from './compose.ts';
import { digestMessage, lastDigestDue } from './digest.ts';
import { findAlarms } from './find-alarms.ts';
import { alarmTitle } from './fact.ts';
import { noticeOf } from './notice-of.ts';
import { emptyChannel, without, type NotifyState } from './state.ts';
import { countAlarm, countEvent, emptyTally } from './tally.ts';

/** What is seen at one time. */
export interface Look {
  readonly now: number;
  readonly events: readonly FeedEvent[];
  /** Events may be missing. */
  readonly isPartial: boolean;
  /** status.json; undefined: there is none. */
  readonly record: StatusRecord | undefined;
}

export interface Manner {
  readonly config: NotifyConfig;
  /** Of the firewall, as messages have it. */
  readonly name: string;
  readonly zone: Zone;
}

/** The next state. */
export function decide(before: NotifyState, look: Look, manner: Manner): NotifyState {
  const state = structuredClone(before);
  const { config } = manner;
  const known = state.channels;
  state.channels = Object.fromEntries(
    config.channels.map(({ name }) => [name, known[name] ?? emptyChannel()]),
  );
  noteAlarms(state, look, manner);
  noteEvents(state, look, config);
  noteDigest(state, look, manner);
  for (const channel of config.channels) {
    const its = state.channels[channel.name];
    if (its === undefined) continue;
    const message = compose(its, { channel, now: look.now, id: state.next, manner });
    if (message === undefined) continue;
    state.next += 1;
    its.outgoing = { message, tries: 0, refusals: 0, notBefore: 0, failure: null };
  }
  return state;
}

/** So many more characters are the words of something else that is wrong in the same way. */
const WORSE = 40;

function noteAlarms(state: NotifyState, { record, now }: Look, { config, zone }: Manner): void {
  const standing = Object.keys(state.standing);
  const { alarms, isOld } = findAlarms({ record, now, silent: config.silent, standing });
  for (const alarm of alarms) {
    const known = state.standing[alarm.key];
    const isWorse = known?.isTold === true && alarm.weight > known.alarm.weight + WORSE;
    // The longest counts, so that a text that changes all the time is told once.
    const weight = isWorse || known?.isTold !== true ? alarm.weight : known.alarm.weight;
    const since = known?.since ?? now;
    const kept = { ...alarm, weight, lines: [...alarm.lines] };
    state.standing[alarm.key] = { alarm: kept, since, isTold: known?.isTold ?? false };
    if (isWorse) tellAll(state, config, { alarm: kept, since, over: null, now, isWorse });
  }
  const found = new Set(alarms.map(({ key }) => key));
  for (const [key, { alarm, since, isTold }] of Object.entries(state.standing)) {
    // A silent server is silent for long enough already.
    const patience = alarm.topic === 'silent' ? 0 : config.after;
    if (found.has(key)) {
      if (isTold || now - since < patience) continue;
      state.standing[key] = { alarm, since, isTold: true };
      countAlarm(state.tally, `${timeText(since, zone)}  ${alarmTitle(alarm)}`);
      tellAll(state, config, { alarm, since, over: null, now });
    } else if (!isOld) {
      state.standing = without(state.standing, key);
      if (isTold) tellAll(state, config, { alarm, since, over: now, now });
    }
  }
}

interface News {
  readonly alarm: NotifyState['standing'][string]['alarm'];
  readonly since: number;
  readonly over: number | null;
  readonly now: number;
  readonly isWorse?: boolean;
}

function tellAll(state: NotifyState, config: NotifyConfig, news: News): void {
  for (const channel of config.channels) {
    const its = state.channels[channel.name];
    // An end is told to who knows of the beginning, whatever the config says by now.
    if (its !== undefined && (hasTopic(channel, news.alarm.topic) || news.over !== null))
      addChange(its, news);
  }
}

function noteEvents(state: NotifyState, look: Look, config: NotifyConfig): void {
  state.tally.isPartial ||= look.isPartial;
  for (const event of look.events) {
    countEvent(state.tally, event);
    const notice = noticeOf(event);
    if (notice === undefined) continue;
    for (const channel of config.channels) {
      const its = state.channels[channel.name];
      if (its !== undefined && hasTopic(channel, notice.topic)) addNotice(its, notice, look.now);
    }
  }
}

/** A digest that could not be sent makes way for the next. */
function noteDigest(state: NotifyState, look: Look, manner: Manner): void {
  const { config } = manner;
  if (state.digestedAt >= lastDigestDue(config.digest, look.now)) return;
  for (const channel of config.channels) {
    const its = state.channels[channel.name];
    if (its === undefined || !hasTopic(channel, 'digest')) continue;
    its.digest = digestMessage(state, look, { ...manner, id: state.next });
    state.next += 1;
  }
  state.tally = emptyTally(look.now);
  state.digestedAt = look.now;
}
