/**
 * Claims and jails as lines of YAML. Each line is a list item with a mapping in JSON, which is YAML too: so any YAML
 * reader reads it, a change is one line of a diff, and our own lines are read by JSON.parse, a hundred times faster
 * than by a YAML parser, and the ordinary ones of them faster still (own-line.ts). What people wrote differently is read by the yaml package.
 */
import * as v from 'valibot';
import { compareNets, parseNet, type Net } from '../net/net.ts';
import { EVERY_JAIL, isLiftOfServer, JAIL_NAME, SERVER_NAME } from '../names/names.ts';
import { readDocument, type Mistake } from '../yaml/document.ts';
import { expected } from '../yaml/expected.ts';
import { parseTime } from '../yaml/time.ts';
import type { Ban, Claim, Details, Jail } from './claim.ts';
import { formatOwnLine, OwnLineReader } from './own-line.ts';
import { isPortsText, isProtocolsText } from './scope-text.ts';

export type Decoded<T> =
  | { readonly kind: 'decoded'; readonly items: readonly T[] }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

export interface NamedJail {
  readonly name: string;
  readonly jail: Jail;
}

/** One claim a line, by address, server and jail. */
export function encodeClaims(claims: Iterable<Claim>): string {
  const sorted = Array.from(claims).sort(
    (a, b) => compareNets(a.ip, b.ip) || compareText(a.server, b.server) || compareText(a.jail, b.jail),
  );
  return listOf(sorted.map(encodeClaim));
}

/** One jail a line, by name. */
export function encodeJails(jails: ReadonlyMap<string, Jail>): string {
  const sorted = Array.from(jails).sort(([a], [b]) => compareText(a, b));
  return listOf(sorted.map(([name, jail]) => line(jailFields(name, jail))));
}

/** Reads what {@link encodeClaims} wrote, or what a person made of it. */
export function decodeClaims(text: string): Decoded<Claim> {
  const reader = new OwnLineReader();
  return decode(text, claimSchema, (line) => reader.read(line));
}

/** Reads what {@link encodeJails} wrote, or what a person made of it. */
export function decodeJails(text: string): Decoded<NamedJail> {
  return decode(text, jailSchema, () => undefined);
}

/** A file without a byte is one that somebody is about to write, or that a crash left: never a list of nothing. */
function listOf(lines: readonly string[]): string {
  return lines.length === 0 ? '[]\n' : lines.join('');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** One line. */
function encodeClaim(claim: Claim): string {
  const own = formatOwnLine(claim);
  return own === undefined ? line(claimFields(claim)) : `${own}\n`;
}

type Value = string | number | null | undefined | readonly unknown[];

/** `- { "ip": "203.0.113.7", … }`; a key without a value is left out. */
function line(fields: Readonly<Record<string, Value>>): string {
  const items = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `- { ${items.join(', ')} }\n`;
}

function claimFields({ ip, server, jail, bans, details, unbanned, forget }: Claim): Record<string, Value> {
  const [newest, ...earlier] = bans;
  return {
    ip: ip.text,
    server,
    jail,
    ...(newest !== undefined && banFields(newest)),
    ports: details?.ports,
    protocol: details?.protocols,
    failures: details?.failures,
    reason: details?.reason,
    ifConfirmed: details?.ifConfirmed === undefined ? undefined : timeText(details.ifConfirmed),
    said: details === undefined || isSaidBySince(details, newest) ? undefined : timeText(details.said),
    earlier: earlier.length === 0 ? undefined : earlier.map(banFields),
    unbanned: unbanned === undefined ? undefined : timeText(unbanned),
    forget: unbanned === undefined ? undefined : timeText(forget ?? 0),
  };
}

/** Details that hold nothing need a word of their own, or they would be taken for none. */
function isSaidBySince({ said, ...rest }: Details, newest: Ban | undefined): boolean {
  return said === newest?.heard && Object.keys(rest).length > 0;
}

function banFields({ heard, since, until }: Ban): Record<string, Value> {
  return {
    since: timeText(since),
    until: timeText(until),
    heard: heard === since ? undefined : timeText(heard),
  };
}

function jailFields(name: string, { scope, snapshot, flushes, stops }: Jail): Record<string, Value> {
  return {
    jail: name,
    ports: scope?.ports,
    protocol: scope?.protocols,
    said: scope === undefined ? undefined : timeText(scope.said),
    snapshot: snapshot === undefined ? undefined : timeText(snapshot),
    flushes:
      flushes.length === 0
        ? undefined
        : flushes.map(({ time, arrived }) => [timeText(time), timeText(arrived)]),
    stops: stops.length === 0 ? undefined : stops.map(timeText),
  };
}

/** ISO 8601 in UTC; null is never. */
function timeText(time: number): string | null {
  return time === Infinity ? null : new Date(time).toISOString();
}

function decode<T>(
  text: string,
  schema: v.GenericSchema<unknown, T>,
  readFast: (line: string) => T | undefined,
): Decoded<T> {
  if (text.trim() === '') {
    return {
      kind: 'mistakes',
      mistakes: [{ line: 1, column: 1, message: 'the file is empty; [] is a list of nothing' }],
    };
  }
  const items: T[] = [];
  for (const each of text.split('\n')) {
    if (each.trim() === '' || each.startsWith('#')) continue;
    const item = readFast(each) ?? decodeOwnLine(each, schema);
    if (item === undefined) return decodeYaml(text, schema);
    items.push(item);
  }
  return { kind: 'decoded', items };
}

function decodeOwnLine<T>(text: string, schema: v.GenericSchema<unknown, T>): T | undefined {
  if (!text.startsWith('- {')) return undefined;
  try {
    const checked = v.safeParse(schema, JSON.parse(text.slice(2)));
    return checked.success ? checked.output : undefined;
  } catch {
    // Not JSON: the yaml package reads it, or says where it is wrong.
    return undefined;
  }
}

function decodeYaml<T>(text: string, schema: v.GenericSchema<unknown, T>): Decoded<T> {
  const read = readDocument(text, v.array(schema, 'expected a list, one item a line'));
  return read.kind === 'read' ? { kind: 'decoded', items: read.value } : read;
}

const EXPECTED_TIME = 'expected a time such as 2026-11-22T13:30:00Z';

const time = v.pipe(
  v.string(EXPECTED_TIME),
  v.rawTransform(({ dataset, addIssue, NEVER }): number => {
    const parsed = parseTime(dataset.value);
    if (parsed !== undefined) return parsed;
    addIssue({ message: EXPECTED_TIME });
    return NEVER;
  }),
);

const end = v.union(
  [
    time,
    v.pipe(
      v.null(),
      v.transform(() => Infinity),
    ),
  ],
  'expected a time, or null for never',
);

const net = v.pipe(
  v.string('expected an address or CIDR'),
  v.rawTransform(({ dataset, addIssue, NEVER }): Net => {
    const parsed = parseNet(dataset.value);
    if (parsed !== undefined) return parsed;
    addIssue({ message: `"${dataset.value}" is not an address or CIDR` });
    return NEVER;
  }),
);

const EXPECTED_PORTS = expected('a text of port numbers and ranges such as "22,8000:8010", or "all"');
const EXPECTED_PROTOCOLS = expected('a text of tcp, udp, sctp, dccp and icmp such as "tcp,udp", or "all"');

const portsText = v.pipe(v.string(EXPECTED_PORTS), v.check(isPortsText, EXPECTED_PORTS));
const protocolsText = v.pipe(v.string(EXPECTED_PROTOCOLS), v.check(isProtocolsText, EXPECTED_PROTOCOLS));

const banEntries = { since: time, until: end, heard: v.optional(time) };

const claimSchema = v.pipe(
  v.strictObject({
    ip: net,
    server: v.pipe(v.string(), v.regex(SERVER_NAME, 'expected the name of a server')),
    jail: v.union(
      [
        v.literal(EVERY_JAIL),
        v.pipe(v.string(), v.regex(JAIL_NAME)),
        v.pipe(v.string(), v.check(isLiftOfServer)),
      ],
      'expected the name of a jail',
    ),
    since: v.optional(time),
    until: v.optional(end),
    heard: v.optional(time),
    ports: v.optional(portsText),
    protocol: v.optional(protocolsText),
    failures: v.optional(v.pipe(v.number(), v.integer())),
    reason: v.optional(v.string()),
    ifConfirmed: v.optional(end),
    said: v.optional(time),
    earlier: v.optional(v.array(v.strictObject(banEntries))),
    unbanned: v.optional(time),
    forget: v.optional(end),
  }),
  v.check(
    ({ since, until, unbanned }) => (since === undefined ? unbanned !== undefined : until !== undefined),
    'expected since and until, or unbanned',
  ),
  v.check(
    ({ jail, since }) => since === undefined || !isLiftOfServer(jail),
    'a jail with an @ remembers an unban, and can have no since',
  ),
  v.transform(makeClaim),
);

interface ReadClaim {
  ip: Net;
  server: string;
  jail: string;
  since?: number | undefined;
  until?: number | undefined;
  heard?: number | undefined;
  ports?: string | undefined;
  protocol?: string | undefined;
  failures?: number | undefined;
  reason?: string | undefined;
  ifConfirmed?: number | undefined;
  said?: number | undefined;
  earlier?: { since: number; until: number; heard?: number | undefined }[] | undefined;
  unbanned?: number | undefined;
  forget?: number | undefined;
}

function makeClaim(read: ReadClaim): Claim {
  const { ip, server, jail, since, until = Infinity, heard, ports, protocol, failures, reason } = read;
  const bans = since === undefined ? [] : [{ since, until, heard }, ...(read.earlier ?? [])];
  const said = read.said ?? heard ?? since;
  const details = {
    ...(ports !== undefined && { ports }),
    ...(protocol !== undefined && { protocols: protocol }),
    ...(failures !== undefined && { failures }),
    ...(reason !== undefined && { reason }),
    ...(read.ifConfirmed !== undefined && { ifConfirmed: read.ifConfirmed }),
  };
  const hasDetails = said !== undefined && (read.said !== undefined || Object.keys(details).length > 0);
  return {
    ip,
    server,
    jail,
    bans: bans.map((ban) => ({ heard: ban.heard ?? ban.since, since: ban.since, until: ban.until })),
    ...(hasDetails && { details: { said, ...details } }),
    ...(read.unbanned !== undefined && { unbanned: read.unbanned, forget: read.forget ?? Infinity }),
  };
}

const jailSchema = v.pipe(
  v.strictObject({
    jail: v.pipe(v.string(), v.regex(JAIL_NAME, 'expected the name of a jail')),
    ports: v.optional(portsText),
    protocol: v.optional(protocolsText),
    said: v.optional(time),
    snapshot: v.optional(time),
    flushes: v.optional(v.array(v.tuple([time, time])), []),
    stops: v.optional(v.array(time), []),
  }),
  v.transform(
    ({ jail: name, ports = 'all', protocol = 'tcp', said, snapshot, flushes, stops }): NamedJail => {
      const scope = said === undefined ? undefined : { said, ports, protocols: protocol };
      return {
        name,
        jail: {
          ...(scope !== undefined && { scope }),
          ...(snapshot !== undefined && { snapshot }),
          flushes: flushes.map(([at, arrived]) => ({ time: at, arrived })),
          stops,
        },
      };
    },
  ),
);
