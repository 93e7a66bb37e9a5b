/**
 * Ranges of addresses as lists name them: an address, a network, or `FIRST-LAST`. Numbers stand for addresses, since a
 * list may have a million of them: what is read here is never text again until it is a member of a set, which
 * ./table writes in the canonical form of domain/net.ts.
 */
import { parseIpv4 } from '../domain/ipv4.ts';
import { FULL_PREFIX, parseNet, type Net } from '../domain/net.ts';
import { textOf4, textOf6 } from './text-of.ts';

/** IPv4: 32 bits as unsigned numbers. */
export interface Range4 {
  readonly family: 'ipv4';
  readonly first: number;
  readonly last: number;
}

/** IPv6: 128 bits. */
export interface Range6 {
  readonly family: 'ipv6';
  readonly first: bigint;
  readonly last: bigint;
}

/** From the first to the last address, both included; `first` is never behind `last`. */
export type Range = Range4 | Range6;

/** Parses what is written between blanks; undefined for all that is neither an address, a network nor a range. */
export function parseRange(text: string): Range | undefined {
  const dash = text.indexOf('-');
  if (dash === -1) return parseSimple(text);
  const [first, last] = [
    parseSimple(text.slice(0, dash).trimEnd()),
    parseSimple(text.slice(dash + 1).trimStart()),
  ];
  return first === undefined || last === undefined ? undefined : joinEnds(first, last);
}

/** The addresses of a net. */
export function rangeOf({ bits, prefix }: Net): Range {
  if (typeof bits === 'number') return range4(bits, prefix);
  return { family: 'ipv6', first: bits, last: bits | ((1n << BigInt(FULL_PREFIX.ipv6 - prefix)) - 1n) };
}

/** As an address, as a net where it is one, or else as `FIRST-LAST`. */
export function rangeText(range: Range): string {
  const { first, last, family } = range;
  const text = (address: number | bigint): string =>
    typeof address === 'number' ? textOf4(address) : textOf6(address);
  if (first === last) return text(first);
  const [from, size] = [BigInt(first), BigInt(last) - BigInt(first) + 1n];
  const hostBits = size.toString(2).length - 1;
  if (1n << BigInt(hostBits) !== size || from % size !== 0n) return `${text(first)}-${text(last)}`;
  return `${text(first)}/${FULL_PREFIX[family] - hostBits}`;
}

function parseSimple(text: string): Range | undefined {
  const slash = text.indexOf('/');
  const bits = parseIpv4(text, 0, slash === -1 ? text.length : slash);
  // Nearly all are IPv4, which is read here without a string of its own.
  if (bits !== undefined) {
    const prefix = slash === -1 ? FULL_PREFIX.ipv4 : parsePrefix(text, slash + 1);
    return prefix === undefined ? undefined : range4(bits, prefix);
  }
  const net = parseNet(text);
  return net === undefined ? undefined : rangeOf(net);
}

function parsePrefix(text: string, start: number): number | undefined {
  const digits = text.slice(start);
  const prefix = /^(?:0|[1-9][0-9]?)$/.test(digits) ? Number(digits) : FULL_PREFIX.ipv4 + 1;
  return prefix > FULL_PREFIX.ipv4 ? undefined : prefix;
}

function range4(bits: number, prefix: number): Range4 {
  const hosts = prefix === 0 ? -1 : ~(-1 << (FULL_PREFIX.ipv4 - prefix));
  return { family: 'ipv4', first: (bits & ~hosts) >>> 0, last: (bits | hosts) >>> 0 };
}

/** Both ends are hosts of one family, in order. */
function joinEnds(from: Range, to: Range): Range | undefined {
  if (from.first !== from.last || to.first !== to.last) return undefined;
  if (from.family === 'ipv4' && to.family === 'ipv4')
    return from.first <= to.first ? { family: 'ipv4', first: from.first, last: to.first } : undefined;
  if (from.family === 'ipv6' && to.family === 'ipv6')
    return from.first <= to.first ? { family: 'ipv6', first: from.first, last: to.first } : undefined;
  return undefined;
}
