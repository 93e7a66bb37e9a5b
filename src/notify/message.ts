/**
 * What is told: facts, and the message that several of them become. All text in them is clean: one line each, with no
 * character that a terminal or a header of a mail would obey.
 */
import * as v from 'valibot';
import { cut, UNPRINTABLE } from '../domain/printable.ts';
import { ALL_TOPICS } from '../config/topics.ts';

/** `over`: nothing in the message is wrong any more. */
const LEVELS = ['alarm', 'warning', 'info', 'over'] as const;

/** Of what a stranger wrote. */
const MAX_TEXT = 400;

const factSchema = v.object({
  topic: v.picklist(ALL_TOPICS),
  /** `began`: it is wrong, and its end will be told; `happened`: it has no end. */
  status: v.picklist(['began', 'over', 'happened']),
  /** A condition, a server, or what is counted. */
  what: v.string(),
  /** Of the condition; null where there is none. */
  reason: v.nullable(v.string()),
  /** In milliseconds since 1970; `until` is null while it goes on. */
  since: v.number(),
  until: v.nullable(v.number()),
  count: v.number(),
  /** In a few words, as the subject of a mail has it. */
  title: v.string(),
  lines: v.array(v.string()),
});

export const messageSchema = v.object({
  id: v.string(),
  /** When it was composed, in milliseconds since 1970. */
  at: v.number(),
  kind: v.picklist(['events', 'digest', 'test']),
  level: v.picklist(LEVELS),
  /** With the name of the firewall. */
  subject: v.string(),
  /** The text, a line each. */
  lines: v.array(v.string()),
  facts: v.array(factSchema),
});

export type Level = (typeof LEVELS)[number];
export type Fact = v.InferOutput<typeof factSchema>;
export type Message = v.InferOutput<typeof messageSchema>;

/** The text in one line of at most 400 characters. What is far beyond them is not looked at. */
export function clean(text: string, most = MAX_TEXT): string {
  return cut(
    text
      .slice(0, 4 * most)
      .replace(UNPRINTABLE, ' ')
      .trim(),
    most,
  );
}
