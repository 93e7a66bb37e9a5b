/** What the controller writes down of itself after each pass, for `banspool status` and for monitoring. */
import * as v from 'valibot';
import { readJson } from '../yaml/read-json.ts';

const listOf = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.readonly());

const conditionSchema = v.object({
  type: v.string(),
  status: v.picklist(['True', 'False']),
  reason: v.string(),
  message: v.string(),
});

const refusedSchema = v.object({
  /** Where it is kept; the reason stands in the file of that name with `.reason` after it. */
  path: v.string(),
  /** Null where an earlier version refused it. */
  code: v.optional(v.nullable(v.string()), null),
  reason: v.string(),
  at: v.string(),
});

const serverSchema = v.object({
  name: v.string(),
  /** ISO 8601; null when nothing was ever taken in. */
  lastHeard: v.nullable(v.string()),
  intents: v.number(),
  refused: v.number(),
  /** Refused files that had to make room for newer ones. */
  discarded: v.number(),
  /** Refused files that are there to be read; null where an earlier version wrote this. */
  kept: v.optional(v.nullable(v.number()), null),
  /** The newest of its files that are kept. */
  lastRefused: v.optional(v.nullable(refusedSchema), null),
});

const passSchema = v.object({
  kind: v.picklist(['full', 'quick']),
  startedAt: v.string(),
  durationMs: v.number(),
  intents: v.number(),
  refused: v.number(),
  changes: v.number(),
  drift: v.number(),
  /** In one line; null when nothing went wrong. */
  problem: v.nullable(v.string()),
});

const setSchema = v.object({
  name: v.string(),
  members: v.number(),
  /** How many it can hold; a larger one takes its place before it is full. */
  capacity: v.number(),
});

const exportSchema = v.object({
  /** In the folder of exports. */
  file: v.string(),
  format: v.string(),
  /** This and what follows: of what was written last; null where nothing was. */
  entries: v.nullable(v.number()),
  bytes: v.nullable(v.number()),
  changedAt: v.nullable(v.string()),
  /** Why it could not be written now. */
  problem: v.nullable(v.string()),
});

const listSchema = v.object({
  name: v.string(),
  note: v.nullable(v.string()),
  from: v.string(),
  entries: v.number(),
  nets: v.number(),
  notEnforced: v.object({
    allowed: v.number(),
    own: v.number(),
    private: v.number(),
    tooWide: v.number(),
  }),
  unread: v.number(),
  sha256: v.nullable(v.string()),
  takenAt: v.nullable(v.string()),
  confirmedAt: v.nullable(v.string()),
  reason: v.nullable(v.string()),
});

/** Of the process that `banspool run` is. */
const controllerSchema = v.object({
  pid: v.number(),
  started: v.string(),
  boot: v.string(),
  namespace: v.string(),
});

const unconfirmedSchema = v.object({
  /** In words. */
  what: v.string(),
  until: v.string(),
  /** An earlier version wrote the words alone. */
  kind: v.optional(v.picklist(['ban', 'policy'])),
  /** Of a ban. */
  ip: v.optional(v.string()),
  jail: v.optional(v.string()),
  /** Null: until unbanned. */
  untilIfConfirmed: v.optional(v.nullable(v.string())),
});

const recordSchema = v.object({
  version: v.literal(1),
  /** The folder of the state that it is about. */
  state: v.string(),
  /** Of the pass that was made last. */
  mode: v.optional(v.picklist(['enforce', 'observe']), 'enforce'),
  /** Of who wrote this: the controller, or a pass of the timer. */
  pid: v.number(),
  /** The last that ran and was not stopped; null where only single passes are made. */
  controller: v.optional(v.nullable(controllerSchema), null),
  /** When it was stopped, until another pass is made. */
  stoppedAt: v.optional(v.nullable(v.string()), null),
  startedAt: v.string(),
  updatedAt: v.string(),
  /** Milliseconds: how often a full pass is due. */
  interval: v.number(),
  converged: v.boolean(),
  conditions: listOf(conditionSchema),
  sets: v.optional(listOf(setSchema), () => []),
  lists: v.optional(listOf(listSchema), () => []),
  bans: v.number(),
  claims: v.number(),
  /** Of them, those that the policy does not let be enforced. */
  ignored: v.optional(v.number(), 0),
  refused: v.number(),
  servers: listOf(serverSchema),
  lastPass: v.nullable(passSchema),
  /** Newest first. */
  passes: listOf(passSchema),
  failuresInARow: v.number(),
  /** What an operator tries, and when it goes back unless he confirms it. */
  unconfirmed: v.optional(listOf(unconfirmedSchema), () => []),
  exports: v.optional(listOf(exportSchema), () => []),
});

export type UnconfirmedStatus = StatusRecord['unconfirmed'][number];
export type StatusRecord = v.InferOutput<typeof recordSchema>;
export type ConditionRecord = v.InferOutput<typeof conditionSchema>;
export type ServerStatus = v.InferOutput<typeof serverSchema>;
export type ExportStatus = v.InferOutput<typeof exportSchema>;
export type SetStatus = v.InferOutput<typeof setSchema>;
export type PassRecord = v.InferOutput<typeof passSchema>;

/** Reads a record; undefined for one that is not there, is damaged, or is of another version. */
export function parseStatusRecord(text: string | undefined): StatusRecord | undefined {
  return text === undefined ? undefined : readJson(recordSchema, text);
}
