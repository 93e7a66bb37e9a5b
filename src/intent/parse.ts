/**
 * Turns the text of one file into an intent, or into a reason to refuse it that tells its writer what to do.
 * Nothing in the text can name a server: the directory does.
 */
import * as v from 'valibot';
import { parseNet, type Net } from '../net/net.ts';
import { formatPorts } from '../net/ports.ts';
import type { Services } from '../net/services.ts';
import { expected, quote } from '../yaml/expected.ts';
import { readUntrusted } from '../yaml/untrusted.ts';
import { EVERY_JAIL, JAIL_NAME } from '../names/names.ts';
import { readJailPorts } from './jail-ports.ts';
import { readJailProtocols } from './jail-protocols.ts';
import type { Intent, SnapshotBan } from './intent.ts';
import {
  OPERATOR_KEYS,
  readOperatorKeys,
  trialEnds,
  type OperatorKeys,
  type ReadKeys,
} from './operator-keys.ts';
import { splitSnapshot } from './split-snapshot.ts';

export type ParsedIntent =
  | { readonly kind: 'intent'; readonly intent: Intent; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

export interface ParseOptions {
  readonly services: Services;
  /** An operator may unban in every jail at once by naming none. */
  readonly operator: boolean;
}

/** A longer text is only read as a snapshot, line by line: a YAML parser spends minutes on a megabyte of junk. */
const MAX_YAML_BYTES = 8 * 1024;

/** Parses one whole file. */
export function parseIntent(bytes: Uint8Array, options: ParseOptions): ParsedIntent {
  const text = decode(bytes);
  if (text === undefined) return refuse('not UTF-8 text');
  const control = CONTROL.exec(text);
  if (control !== null)
    return refuse(`${describeControl(control[0])} in line ${lineAt(text, control.index)}`);

  // First as lines: to YAML the address in `{ ip: 2001:db8::, … }` is a mapping.
  const split = splitSnapshot(text);
  if (split.kind === 'refused' && bytes.length > MAX_YAML_BYTES) return refuse(split.reason);
  const read = readUntrusted(split.kind === 'split' ? split.head : text);
  if (read.kind === 'refused') return refuse(read.reason);
  return checkFields(split.kind === 'split' ? { ...read.value, bans: split.bans } : read.value, options);
}

/** The reason quotes what a stranger wrote, and goes to logs and terminals. */
function refuse(reason: string): ParsedIntent {
  return { kind: 'refused', reason: cut(reason.replace(UNPRINTABLE, ' '), MAX_REFUSAL) };
}

const MAX_REFUSAL = 300;

/** Control characters but for tab, line feed and carriage return: nothing that is meant for a log or a terminal. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

function describeControl(character: string): string {
  return `the control character 0x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function checkFields(fields: Readonly<Record<string, unknown>>, options: ParseOptions): ParsedIntent {
  const checked = v.safeParse(intentSchema, fields, { abortEarly: true });
  if (!checked.success) {
    const [issue] = checked.issues;
    const path = (issue.path ?? []).map((item) => String(item.key)).join('.');
    return refuse(path === '' ? issue.message : `${path}: ${issue.message}`);
  }
  const warnings = Object.keys(fields)
    .filter((key) => !KNOWN_KEYS.has(key) && !(options.operator && OPERATOR_KEYS.has(key)))
    .map((key) => `the key ${quote(key.replace(UNPRINTABLE, ' '))} is unknown and was ignored`);
  const own: OperatorKeys = options.operator
    ? readOperatorKeys(fields)
    : { kind: 'read', keys: { unban: {} } };
  if (own.kind === 'refused') return refuse(own.reason);
  return makeIntent(checked.output, { ...options, warnings, keys: own.keys });
}

const ADDRESS = 'an IPv4 or IPv6 address or CIDR (host names are never resolved)';
const SECONDS = 'a number of seconds since 1970';
const BANTIME = 'a number of seconds, or -1 for until unbanned';
const JAIL = 'a jail name: 1-64 of A-Z a-z 0-9 _ . - that begins with a letter or digit';
const KINDS = 'ban, prolong, unban, start, stop, flush, reload or snapshot';
const PROTOCOL = 'tcp, udp, sctp, dccp, icmp, all or a comma list of these';

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
          : `${quote(dataset.value)} is no host's address`,
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
    ? `${quote(input)} is too large: the most is ${MAX_SECONDS} seconds`
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
    v.pipe(text('a count'), v.regex(/^[0-9]{1,9}$/, expected('a count')), v.transform(Number)),
  ),
  restored: v.optional(text('a word')),
  reason: v.optional(
    v.pipe(
      text('a text'),
      v.transform((reason) => cut(reason.replace(UNPRINTABLE, ' ').trim(), MAX_REASON)),
    ),
  ),
  bans: v.optional(
    v.array(
      v.object(
        { ip: netSchema, time: timeSchema, bantime: bantimeSchema },
        expected('{ ip, time, bantime }'),
      ),
      expected('a list of { ip, time, bantime }'),
    ),
  ),
};

const intentSchema = v.object(entries, (issue) => {
  return `missing; expected ${issue.expected === '"time"' ? SECONDS : KINDS}`;
});

/** Kept of a reason: enough for a person, little enough for a line of a log. */
const MAX_REASON = 200;

/** Never between the halves of a character: half a one is no text that others can read. */
function cut(text: string, length: number): string {
  return text
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}

/** Invisible and direction-changing characters, which would make a log line read as another. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]+/gu;

const KNOWN_KEYS = new Set(Object.keys(entries));

type Fields = v.InferOutput<typeof intentSchema>;

type Context = ParseOptions & {
  readonly warnings: readonly string[];
  readonly keys: ReadKeys;
};

function makeIntent(fields: Fields, context: Context): ParsedIntent {
  const { intent, time } = fields;
  const everyJail = context.operator && intent === 'unban' && fields.jail === undefined;
  const jail = everyJail ? EVERY_JAIL : fields.jail;
  if (jail === undefined) return refuse(`jail: missing; expected ${JAIL}`);

  const read = fields.ports === undefined ? undefined : readJailPorts(fields.ports, context.services);
  const spoken = fields.protocol === undefined ? undefined : readJailProtocols(fields.protocol);
  const warnings = [
    ...context.warnings,
    ...[read?.warning, spoken?.warning].filter((said) => said !== undefined),
  ];
  const scope = {
    ...(read !== undefined && { ports: formatPorts(read.ports) }),
    ...(spoken !== undefined && { protocols: spoken.protocols }),
  };
  const done = (made: Intent): ParsedIntent => ({ kind: 'intent', intent: made, warnings });

  switch (intent) {
    case 'ban':
    case 'prolong': {
      if (fields.ip === undefined) return refuse(`ip: missing; expected ${ADDRESS}`);
      const { ip, failures, reason, bantime } = fields;
      const details = {
        ...(failures !== undefined && { failures }),
        ...(reason !== undefined && { reason }),
      };
      const ends = trialEnds(time, time + bantime, context.keys);
      return done({ intent, jail, ip, time, ...ends, ...scope, ...details });
    }
    case 'unban':
      if (fields.ip === undefined) return refuse(`ip: missing; expected ${ADDRESS}`);
      return done({ intent, jail, ip: fields.ip, time, ...context.keys.unban });
    case 'snapshot':
      if (fields.bans === undefined) return refuse('bans: missing; expected a list of { ip, time, bantime }');
      return done({ intent, jail, time, bans: fields.bans.map(snapshotBan), ...scope });
    case 'start':
    case 'reload':
      // A start without ports says "all": it is the jail's whole setting, not a part of it.
      return done({ intent, jail, time, ports: scope.ports ?? 'all', protocols: scope.protocols ?? 'tcp' });
    case 'stop':
    case 'flush':
      return done({ intent, jail, time });
  }
}

function snapshotBan({ ip, time, bantime }: { ip: Net; time: number; bantime: number }): SnapshotBan {
  return { ip, time, until: time + bantime };
}
