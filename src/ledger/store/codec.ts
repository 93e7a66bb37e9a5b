/**
 * Claims and jails as lines of YAML. Each line is a list item with a mapping in JSON, which is YAML too: so any YAML
 * reader reads it, a change is one line of a diff, and our own lines are read by JSON.parse, a hundred times faster
 * than by a YAML parser, and the ordinary ones of them faster still (own-line.ts). What people wrote differently is
 * read by the yaml package.
 */
import * as v from 'valibot';
import { compareTexts } from '../../domain/names.ts';
import { readDocument } from '../../yaml/document.ts';
import { mistakeAt, type Mistake } from '../../yaml/mistake.ts';
import { compareKeys, type Ban, type Claim, type Details, type Jail } from '../../claims/claim.ts';
import type { HeardPeer } from '../../claims/state.ts';
import type { Trail } from '../../claims/seen/trail.ts';
import {
  claimSchema,
  jailSchema,
  peerSchema,
  seenSchema,
  type NamedJail,
  type NamedPeer,
} from './item-schemas.ts';
import { formatOwnLine, OwnLineReader } from './own-line.ts';
import { isoTime } from '../../yaml/time.ts';
import { readJson } from '../../yaml/read-json.ts';

export type Decoded<T> =
  | { readonly kind: 'decoded'; readonly items: readonly T[] }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

/** One claim a line, by address, server and jail. */
export function encodeClaims(claims: Iterable<Claim>): string {
  return listOf(Array.from(claims).sort(compareKeys).map(encodeClaim));
}

/** One jail a line, by name. */
export function encodeJails(jails: ReadonlyMap<string, Jail>): string {
  const sorted = Array.from(jails).sort(([a], [b]) => compareTexts(a, b));
  return listOf(sorted.map(([name, jail]) => line(jailFields(name, jail))));
}

/** One ban that began, or one unban, a line, by address, server and jail, bans first. */
export function encodeSeen(trails: Iterable<Trail>): string {
  return listOf(Array.from(trails).sort(compareKeys).flatMap(seenLines));
}

function seenLines({ ip, server, jail, bans, unbans }: Trail): readonly string[] {
  const key = { ip: ip.text, server, jail };
  return [
    ...bans.map(({ since, until }) => line({ ...key, since: timeText(since), until: timeText(until) })),
    ...unbans.map((time) => line({ ...key, unbanned: timeText(time) })),
  ];
}

/** Reads what {@link encodeSeen} wrote, or what a person made of it: of each line a trail, with that alone. */
export function decodeSeen(content: string | Buffer): Decoded<Trail> {
  return decode(content, seenSchema, () => undefined);
}

/** One peer a line, by name. */
export function encodePeers(peers: ReadonlyMap<string, HeardPeer>): string {
  const sorted = Array.from(peers).sort(([a], [b]) => compareTexts(a, b));
  return listOf(
    sorted.map(([peer, { sequence, published, key, isWhole }]) =>
      line({ peer, key, sequence, published: timeText(published), partial: isWhole ? undefined : true }),
    ),
  );
}

/** Reads what {@link encodePeers} wrote, or what a person made of it. */
export function decodePeers(content: string | Buffer): Decoded<NamedPeer> {
  return decode(content, peerSchema, () => undefined);
}

/** Reads what {@link encodeClaims} wrote, or what a person made of it. */
export function decodeClaims(content: string | Buffer): Decoded<Claim> {
  const reader = new OwnLineReader();
  return decode(content, claimSchema, (...line) => reader.readAt(...line));
}

/**
 * Reads what {@link encodeClaims} wrote, and nothing else: no YAML parser sees what a peer may have made of it.
 * Undefined where one line is another.
 */
export function decodeOwnClaims(text: string): readonly Claim[] | undefined {
  const reader = new OwnLineReader();
  if (text === listOf([])) return [];
  const claims: Claim[] = [];
  for (const each of text.split('\n')) {
    if (each === '') continue;
    const claim = reader.read(each) ?? decodeOwnLine(each);
    if (claim === undefined) return undefined;
    claims.push(claim);
  }
  return claims;
}

/** Reads one line that {@link encodeClaims} wrote; undefined for any other. */
export function decodeOwnLine(line: string): Claim | undefined {
  return decodeJson(line, claimSchema);
}

/** Reads what {@link encodeJails} wrote, or what a person made of it. */
export function decodeJails(content: string | Buffer): Decoded<NamedJail> {
  return decode(content, jailSchema, () => undefined);
}

/** A file without a byte is one that somebody is about to write, or that a crash left: never a list of nothing. */
function listOf(lines: readonly string[]): string {
  return lines.length === 0 ? '[]\n' : lines.join('');
}

/** One line. */
function encodeClaim(claim: Claim): string {
  const own = formatOwnLine(claim);
  return own === undefined ? line(claimFields(claim)) : `${own}\n`;
}

type Value = string | number | boolean | null | undefined | readonly unknown[];

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
  return time === Infinity ? null : isoTime(time);
}

/** Reads the line that stands between two places; undefined where it is for others to read. */
type ReadLine<T> = (bytes: Buffer, start: number, end: number) => T | undefined;

function decode<T extends object>(
  content: string | Buffer,
  schema: v.GenericSchema<unknown, T>,
  readFast: ReadLine<T>,
): Decoded<T> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const items: T[] = [];
  let isEmpty = true;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    const item = readFast(bytes, start, end) ?? readOther(bytes.toString('utf8', start, end), schema);
    start = end + 1;
    if (item === 'blank') continue;
    isEmpty = false;
    if (item === 'odd') return decodeYaml(bytes.toString('utf8'), schema);
    if (item !== 'comment') items.push(item);
  }
  return isEmpty ? { kind: 'mistakes', mistakes: [EMPTY_FILE] } : { kind: 'decoded', items };
}

const LINE_FEED = 10;

function readOther<T extends object>(
  line: string,
  schema: v.GenericSchema<unknown, T>,
): T | 'blank' | 'comment' | 'odd' {
  if (line.trim() === '') return 'blank';
  return line.startsWith('#') ? 'comment' : (decodeJson(line, schema) ?? 'odd');
}

const EMPTY_FILE = mistakeAt({ line: 1, column: 1 }, { code: 'empty', write: '[]', means: 'an empty list' });

function decodeJson<T>(text: string, schema: v.GenericSchema<unknown, T>): T | undefined {
  // What is not JSON is read by the yaml package, which says where it is wrong.
  return text.startsWith('- {') ? readJson(schema, text.slice(2)) : undefined;
}

function decodeYaml<T>(text: string, schema: v.GenericSchema<unknown, T>): Decoded<T> {
  const read = readDocument(text, v.array(schema, 'expected a list, one item per line'));
  return read.kind === 'read' ? { kind: 'decoded', items: read.value } : read;
}
