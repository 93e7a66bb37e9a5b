/**
 * Ranges of addresses as lists name them: an address, a network, or `FIRST-LAST`. Numbers stand for addresses, since a
 * list may have a million of them: what is read here is never text again until it is a member of a set, which
 * ./table writes in the canonical form of domain/net.ts.
 */
import { parseIpv4 } from '../domain/ipv4.ts';
import { FULL_PREFIX, parseNet, type Net } from '../domain/net.ts';
import { parseIpv6 } from './ipv6.ts';
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
  return range6(bits, prefix);
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
    const prefix = slash === -1 ? FULL_PREFIX.ipv4 : parsePrefix(text, slash + 1, FULL_PREFIX.ipv4);
    return prefix === undefined ? undefined : range4(bits, prefix);
  }
  const bits6 = parseIpv6(slash === -1 ? text : text.slice(0, slash));
  // What stands for IPv4, and what is dotted, is left to the slower one.
  if (bits6 !== undefined && bits6 >> 32n !== MAPPED) {
    const prefix = slash === -1 ? FULL_PREFIX.ipv6 : parsePrefix(text, slash + 1, FULL_PREFIX.ipv6);
    return prefix === undefined ? undefined : range6(bits6, prefix);
  }
  const net = parseNet(text);
  return net === undefined ? undefined : rangeOf(net);
}

function parsePrefix(text: string, start: number, most: number): number | undefined {
  let prefix = -1;
  for (let at = start; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    // As parseNet has it, no digit follows a zero.
    if (digit < 0 || digit > 9 || prefix === 0) return undefined;
    prefix = prefix === -1 ? digit : prefix * 10 + digit;
    if (prefix > most) return undefined;
  }
  return prefix === -1 ? undefined : prefix;
}

function range4(bits: number, prefix: number): Range4 {
  const hosts = prefix === 0 ? -1 : ~(-1 << (FULL_PREFIX.ipv4 - prefix));
  return { family: 'ipv4', first: (bits & ~hosts) >>> 0, last: (bits | hosts) >>> 0 };
}

function range6(bits: bigint, prefix: number): Range6 {
  if (prefix === FULL_PREFIX.ipv6) return { family: 'ipv6', first: bits, last: bits };
  const hosts = (1n << BigInt(FULL_PREFIX.ipv6 - prefix)) - 1n;
  return { family: 'ipv6', first: bits & ~hosts, last: bits | hosts };
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

const ZERO = 48;

/** The upper 96 bits of what stands for IPv4. */
const MAPPED = 0xffffn;
