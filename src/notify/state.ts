/**
 * What the messenger knows from one look to the next, and keeps in state.json: how far the feed is read, what is wrong,
 * what each channel was told, and what waits for it. It is bounded by what may be in it: no file grows with a server
 * that is away.
 */
import * as v from 'valibot';
import { readJson } from '../yaml/read-json.ts';
import { ALL_TOPICS } from '../config/topics.ts';
import { messageSchema } from './message.ts';
import { emptyTally, tallySchema } from './tally.ts';

const alarmSchema = v.object({
  key: v.string(),
  topic: v.picklist(['converged', 'condition', 'silent']),
  what: v.string(),
  reason: v.nullable(v.string()),
  lines: v.array(v.string()),
  weight: v.number(),
});

/** All times are in milliseconds since 1970. */
const time = v.number();

/** Something that is wrong, until it is over. */
const standingSchema = v.object({
  alarm: alarmSchema,
  since: time,
  /** It has been wrong for long enough to be told. */
  isTold: v.boolean(),
});

/** What a channel has yet to be told of an alarm. */
const changeSchema = v.object({
  alarm: alarmSchema,
  since: time,
  /** Null: it is wrong still. */
  over: v.nullable(time),
  /** How often it began since the channel was told of it last. */
  times: v.number(),
  /** It has become worse since. */
  isWorse: v.boolean(),
});

/** What a channel has yet to be told of what has no end. */
const noticeSchema = v.object({
  topic: v.picklist(ALL_TOPICS),
  what: v.string(),
  first: time,
  last: time,
  /** Of `unit`, for the title. */
  count: v.number(),
  /** The newest. */
  lines: v.array(v.string()),
});

/** After this was told, what is like it waits until then. */
const restSchema = v.object({ until: time, pause: v.number() });

const outgoingSchema = v.object({
  message: messageSchema,
  tries: v.number(),
  /** Of these, those that the server refused for good. */
  refusals: v.number(),
  notBefore: time,
  failure: v.nullable(v.string()),
});

const channelSchema = v.object({
  /** Alarms whose end the channel has to be told, with their beginning. */
  told: v.record(v.string(), v.object({ alarm: alarmSchema, since: time })),
  changes: v.record(v.string(), changeSchema),
  notices: v.record(v.string(), noticeSchema),
  /** Of changes and notices; null: there are none. */
  waitingSince: v.nullable(time),
  rests: v.record(v.string(), restSchema),
  digest: v.nullable(messageSchema),
  outgoing: v.nullable(outgoingSchema),
  /** When messages were sent, within the last hour. */
  sent: v.array(time),
  lastSuccess: v.nullable(time),
  /** Messages that were given up since the last that was sent. */
  lost: v.number(),
});

const stateSchema = v.object({
  version: v.literal(1),
  cursor: v.nullable(v.object({ segment: v.string(), offset: v.number() })),
  /** Of the next message. */
  next: v.number(),
  standing: v.record(v.string(), standingSchema),
  tally: tallySchema,
  digestedAt: time,
  channels: v.record(v.string(), channelSchema),
});

export type NotifyState = v.InferOutput<typeof stateSchema>;
export type ChannelState = v.InferOutput<typeof channelSchema>;
export type Outgoing = v.InferOutput<typeof outgoingSchema>;
export type Notice = v.InferOutput<typeof noticeSchema>;
export type Change = v.InferOutput<typeof changeSchema>;

/** Nothing was told yet; the first digest is the next that is due. */
export function emptyState(now: number): NotifyState {
  return {
    version: 1,
    cursor: null,
    next: 1,
    standing: {},
    tally: emptyTally(now),
    digestedAt: now,
    channels: {},
  };
}

export function emptyChannel(): ChannelState {
  return {
    told: {},
    changes: {},
    notices: {},
    waitingSince: null,
    rests: {},
    digest: null,
    outgoing: null,
    sent: [],
    lastSuccess: null,
    lost: 0,
  };
}

export function encodeState(state: NotifyState): string {
  return `${JSON.stringify(state)}\n`;
}

/** Undefined for what is none, such as a file of another version. */
export function decodeState(text: string): NotifyState | undefined {
  return readJson(stateSchema, text);
}

/** The record but for one key. */
export function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
