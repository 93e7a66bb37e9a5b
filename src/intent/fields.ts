/** What each field of a file may hold, and what is said of one that holds something else. */
import * as v from 'valibot';
import { parseNet, type Net } from '../domain/net.ts';
import { JAIL_NAME } from '../domain/names.ts';
import { cut, UNPRINTABLE } from '../domain/printable.ts';
import { expected, quote } from '../yaml/expected.ts';
import { INTENT_KEYS } from './intent-keys.ts';

export const ADDRESS = 'an IPv4 or IPv6 address or CIDR (host names are never resolved)';
const SECONDS = 'a number of seconds since 1970';
const BANTIME = 'a number of seconds, or -1 (until unbanned)';
export const JAIL = 'a jail name: 1-64 characters of A-Z a-z 0-9 _ . -, beginning with a letter or digit';
const KINDS = 'ban, prolong, unban, start, stop, flush, reload or snapshot';
const PROTOCOL = 'tcp, udp, sctp, dccp, icmp, all or a comma-separated list of these';

/** Of one value; ample for a list of ports, the longest that a sender writes. */
export const MAX_TEXT = 2_000;

const text = (what: string) =>
  v.pipe(
    v.string(expected(what)),
    v.maxLength(MAX_TEXT, ({ input }) => `${quote(input)} is longer than ${MAX_TEXT} characters`),
  );

const netSchema = v.pipe(
  text(ADDRESS),
  v.rawTransform(({ dataset, addIssue, NEVER }): Net => {
    const net = parseNet(dataset.value);
    if (net !== undefined && !isUnspecified(net)) return net;
    addIssue({
      message:
        net === undefined
          ? expected(ADDRESS)({ input: dataset.value })
          : `${quote(dataset.value)} is the unspecified address`,
    });
    return NEVER;
  }),
);

/** 0.0.0.0 and :: are nobody's source address but a booting host's; fail2ban prints 0.0.0.0/0 so. */
function isUnspecified(net: Net): boolean {
  return net.text === '0.0.0.0' || net.text === '::';
}

/** Eleven digits: the end of the longest ban from the last of times is in 8307, a year of four digits. */
export const MAX_SECONDS = 99_999_999_999;

const timeSchema = v.pipe(
  text(SECONDS),
  v.regex(/^[0-9]{1,11}(\.[0-9]{1,12})?$/, wrongTime),
  v.transform((seconds) => Math.round(Number(seconds) * 1000)),
);

/** Milliseconds; Infinity is until unbanned. More seconds than can be counted are as many as can, 3,000 years. */
const bantimeSchema = v.optional(
  v.pipe(
    text(BANTIME),
    v.regex(/^(-1(\.0+)?|[0-9]+(\.[0-9]{1,12})?)$/, expected(BANTIME)),
    v.transform((seconds) =>
      seconds.startsWith('-') ? Infinity : Math.round(Math.min(Number(seconds), MAX_SECONDS) * 1000),
    ),
  ),
  '-1',
);

function wrongTime({ input }: { readonly input: string }): string {
  return /^[0-9]{12,}(\.[0-9]*)?$/.test(input)
    ? `${quote(input)} is too large: at most ${MAX_SECONDS} seconds`
    : expected(SECONDS)({ input });
}

const entries = {
  intent: v.picklist(
    ['ban', 'prolong', 'unban', 'start', 'stop', 'flush', 'reload', 'snapshot'],
    expected(KINDS),
  ),
  jail: v.optional(v.pipe(text(JAIL), v.regex(JAIL_NAME, expected(JAIL)))),
  ip: v.optional(netSchema),
  ports: v.optional(text('a list of ports')),
  // Words, whatever they say.
  protocol: v.optional(v.pipe(text(PROTOCOL), v.regex(/^([\w\s,!][\w\s,./!+-]*)?$/, expected(PROTOCOL)))),
  time: timeSchema,
  bantime: bantimeSchema,
  failures: v.optional(
    v.pipe(text('a whole number'), v.regex(/^[0-9]{1,9}$/, expected('a whole number')), v.transform(Number)),
  ),
  reason: v.optional(v.pipe(text('a string'), v.transform(reasonText))),
  bans: v.optional(
    v.array(
      v.object(
        { ip: netSchema, time: timeSchema, bantime: bantimeSchema },
        expected('{ ip, time, bantime }'),
      ),
      expected('a list of { ip, time, bantime }'),
    ),
  ),
} satisfies Record<Exclude<keyof typeof INTENT_KEYS, 'restored'>, v.GenericSchema>;

/** The fields of a file, with their values read. */
export const intentSchema = v.object(entries, (issue) => {
  return `missing; expected ${issue.expected === '"time"' ? SECONDS : KINDS}`;
});

/** Kept of a reason: enough for a person, little enough for a line of a log. */
const MAX_REASON = 200;

/** What is kept of it. */
export function reasonText(reason: string): string {
  return cut(reason.replace(UNPRINTABLE, ' ').trim(), MAX_REASON);
}

export const KNOWN_KEYS: ReadonlySet<string> = new Set(Object.keys(INTENT_KEYS));

export type Fields = v.InferOutput<typeof intentSchema>;
