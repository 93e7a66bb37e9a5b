/**
 * One thing that happened, as the feed of events holds it: a line of JSON. Its fields are values, never sentences for
 * a program to read; what came from a server, such as a reason, is as that server said it and is escaped by whoever
 * shows it.
 */
import * as v from 'valibot';
import { readJson } from '../yaml/read-json.ts';

/** ISO 8601, UTC. */
const time = v.string();

/** ISO 8601, UTC; null: until unbanned. */
const until = v.nullable(v.string());

const ban = {
  time,
  ip: v.string(),
  jail: v.string(),
  /** `web1`; `fw2/web1` for a server behind a peer. */
  server: v.string(),
};

const bannedSchema = v.object({
  /** `changed`: it was banned already, and ends at another time now. */
  kind: v.picklist(['banned', 'changed']),
  ...ban,
  until,
  failures: v.nullable(v.number()),
  reason: v.nullable(v.string()),
});

const endedSchema = v.object({
  kind: v.literal('ended'),
  ...ban,
  why: v.picklist(['expired', 'unconfirmed', 'unbanned', 'lifted', 'withdrawn']),
  /** Whose operator lifted it, where that was one of a peer. */
  peer: v.nullable(v.string()),
});

const refusedSchema = v.object({
  kind: v.literal('refused'),
  time,
  server: v.string(),
  file: v.string(),
  /** Of the table of refusals, such as `too-wide`. */
  code: v.string(),
  /** The same in words. */
  reason: v.string(),
});

const driftSchema = v.object({
  kind: v.literal('drift'),
  time,
  family: v.picklist(['ipv4', 'ipv6']),
  /** Changes that were taken back. */
  changes: v.number(),
  /** Who made them, where the kernel tells: `iptables (pid 4711)`. */
  culprits: v.array(v.string()),
  /** What was put back, in a line as the log has it. */
  line: v.string(),
});

const policySchema = v.object({
  kind: v.literal('policy'),
  time,
  /** What an edit of the policy lifted or dropped, in a line as the log has it. */
  line: v.string(),
});

const conditionSchema = v.object({
  kind: v.literal('condition'),
  time,
  /** Such as `Converged`. */
  condition: v.string(),
  /** `True`: it is over. */
  status: v.picklist(['True', 'False']),
  reason: v.string(),
  message: v.string(),
});

const controllerSchema = v.object({
  kind: v.picklist(['started', 'stopped']),
  time,
});

const moreSchema = v.object({
  kind: v.literal('more'),
  time,
  /** Events of this kind that the same pass brought and that are not told one by one. */
  of: v.string(),
  count: v.number(),
});

const eventSchema = v.variant('kind', [
  bannedSchema,
  endedSchema,
  refusedSchema,
  driftSchema,
  policySchema,
  conditionSchema,
  controllerSchema,
  moreSchema,
]);

export type FeedEvent = v.InferOutput<typeof eventSchema>;

/** The event's line in the feed, with its end of line. */
export function eventLine(event: FeedEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** The event of a line; undefined for what is none, such as the rest of a line that was cut off. */
export function parseEventLine(line: string): FeedEvent | undefined {
  return readJson(eventSchema, line);
}
