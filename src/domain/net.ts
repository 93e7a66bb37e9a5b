/**
 * Addresses and networks in one canonical form, so that equal things are equal text everywhere: in files, in
 * rules and in keys. Nothing here ever resolves a name: iptables and ipset would, so every address passes
 * through parseNet before it may come near a command.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { parseIpv4 } from './ipv4.ts';

export const FAMILIES = ['ipv4', 'ipv6'] as const;
export type Family = (typeof FAMILIES)[number];

/** A network; a host is one with the full prefix. */
export interface Net {
  readonly family: Family;
  /** Canonical: RFC 5952 for IPv6, host bits cleared, no prefix length when it is a host. */
  readonly text: string;
  readonly prefix: number;
  /** The first address: 32 bits as a signed number, which a hundred thousand of them fit in best, or 128 bits. */
  readonly bits: number | bigint;
}

export const FULL_PREFIX = { ipv4: 32, ipv6: 128 } as const;

/** All addresses. */
export const EVERYBODY = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;

/** Bits of ::ffff:0:0/96, the IPv4-mapped part of IPv6 (RFC 4291, 2.5.5.2). */
const MAPPED_PREFIX = 96;

/**
 * Parses an IPv4 or IPv6 address or CIDR; returns undefined for all else: host names, leading zeros, zones,
 * netmasks, white space. Host bits are cleared as fail2ban does, an IPv4-mapped IPv6 address becomes IPv4.
 */
export function parseNet(text: string): Net | undefined {
  const bits = parseIpv4(text);
  // Nearly every address is one, and is in its canonical form already.
  if (bits !== undefined) return { family: 'ipv4', text, prefix: FULL_PREFIX.ipv4, bits };
  const match = /^([0-9a-fA-F:.]{2,45})(?:\/(0|[1-9][0-9]{0,2}))?$/.exec(text);
  const version = isIP(match?.[1] ?? '');
  if (match?.[1] === undefined || version === 0) return undefined;

  const full = version === 4 ? 32 : 128;
  const prefix = match[2] === undefined ? full : Number(match[2]);
  if (prefix > full) return undefined;

  const address = ipaddr.parse(version === 6 ? undotted(match[1]) : match[1]);
  if (
    address.kind() === 'ipv6' &&
    prefix >= MAPPED_PREFIX &&
    (address as ipaddr.IPv6).isIPv4MappedAddress()
  ) {
    return makeNet((address as ipaddr.IPv6).toIPv4Address(), prefix - MAPPED_PREFIX);
  }
  return makeNet(address, prefix);
}

/**
 * IPv6 with its dotted tail in groups: ipaddr.js takes `::1.2.3.4`, which iptables prints for `::102:304`, for IPv4.
 */
function undotted(text: string): string {
  return text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_dotted, ...found) => {
    const [a = 0, b = 0, c = 0, d = 0] = found.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}

/** Parses a text that is known to be a good one: a constant, or what formatNet wrote. Throws on any other. */
export function netOf(text: string): Net {
  const net = parseNet(text);
  if (net === undefined) throw new Error(`not an address: "${text}"`);
  return net;
}

/** True when each address of `inner` is one of `outer`. */
export function contains(outer: Net, inner: Net): boolean {
  return (
    outer.family === inner.family &&
    outer.prefix <= inner.prefix &&
    networkBits(inner.bits, outer.prefix) === outer.bits
  );
}

/** The two halves of a network, in order; a host has none. */
export function halvesOf(net: Net): readonly Net[] {
  const { family, text, prefix, bits } = net;
  const host = FULL_PREFIX[family] - prefix - 1;
  if (host < 0) return [];
  const middle = typeof bits === 'number' ? bits | (1 << host) : bits | (1n << BigInt(host));
  const [address = ''] = text.split('/', 1);
  return [netAt(family, address, { prefix: prefix + 1, bits }), netFrom(family, middle, prefix + 1)];
}

/** The network whose two halves these are, the lower one first; undefined of any other two. */
export function joinHalves(lower: Net, upper: Net): Net | undefined {
  const { family, text, prefix, bits } = lower;
  if (family !== upper.family || prefix !== upper.prefix || prefix === 0) return undefined;
  const host = FULL_PREFIX[family] - prefix;
  const areHalves =
    typeof bits === 'number'
      ? (bits | (1 << host)) === upper.bits
      : (bits | (1n << BigInt(host))) === upper.bits;
  if (!areHalves || bits === upper.bits) return undefined;
  const [address = ''] = text.split('/', 1);
  return netAt(family, address, { prefix: prefix - 1, bits });
}

/** The bits of an address with all that are not of the network of that prefix length cleared. */
export function networkBits(bits: number | bigint, prefix: number): number | bigint {
  if (typeof bits === 'number') return prefix === 0 ? 0 : bits & (-1 << (FULL_PREFIX.ipv4 - prefix));
  const host = BigInt(FULL_PREFIX.ipv6 - prefix);
  return (bits >> host) << host;
}

/** The network of this prefix length that contains it, or itself where it is no narrower. */
export function widened(net: Net, prefix: number): Net {
  if (net.prefix <= prefix) return net;
  return netFrom(net.family, networkBits(net.bits, prefix), prefix);
}

/**
 * The first octet of an address in canonical text, with its family: `ipv4/203`. Of IPv6 it is the first six octets,
 * each XORed with the next (`ipv6/94` of 2001:db8::7): a /48, which is a site's, is in one region, all that the world
 * assigns is spread evenly, and nobody can make more than 256. What is kept by region is found by the text alone.
 */
export function regionOf(family: Family, text: string): string {
  if (family === 'ipv4') return `ipv4/${text.slice(0, text.indexOf('.'))}`;
  const elided = text.indexOf('::');
  const groups = (elided === -1 ? text : text.slice(0, elided)).split(':', SITE_GROUPS);
  // Where not more than two groups are left out, at the very start, the third is the first that stands there.
  if (elided === 0) {
    const [third = '', ...others] = text.slice(2).split(':');
    if (others.length === 5) groups.push(third);
  }
  const folded = groups.reduce((sum, group) => sum ^ parseInt(group || '0', 16), 0);
  return `ipv6/${((folded >> 8) ^ (folded & 0xff)).toString(16).padStart(2, '0')}`;
}

/** Of 16 bits: a /48. */
const SITE_GROUPS = 3;

/** The address in the form that iptables prints: always with a prefix length. */
export function cidrText({ family, text }: Pick<Net, 'family' | 'text'>): string {
  return text.includes('/') ? text : `${text}/${FULL_PREFIX[family]}`;
}

/** Orders IPv4 before IPv6, then by number, then the wider net first. */
export function compareNets(a: Net, b: Net): number {
  if (a.family !== b.family) return a.family === 'ipv4' ? -1 : 1;
  const [left, right] = [unsigned(a.bits), unsigned(b.bits)];
  if (left !== right) return left < right ? -1 : 1;
  return a.prefix - b.prefix;
}

function unsigned(bits: number | bigint): number | bigint {
  return typeof bits === 'number' ? bits >>> 0 : bits;
}

function makeNet(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): Net {
  return netFrom(address.kind(), networkBits(bitsOf(address), prefix), prefix);
}

function netFrom(family: Family, bits: number | bigint, prefix: number): Net {
  return netAt(family, addressText(ipaddr.fromByteArray(bytesOf(bits))), { prefix, bits });
}

function netAt(family: Family, address: string, { prefix, bits }: Pick<Net, 'prefix' | 'bits'>): Net {
  return { family, text: prefix === FULL_PREFIX[family] ? address : `${address}/${prefix}`, prefix, bits };
}

function bitsOf(address: ipaddr.IPv4 | ipaddr.IPv6): number | bigint {
  const bytes = Buffer.from(address.toByteArray());
  return bytes.length === 4
    ? bytes.readInt32BE()
    : bytes.readBigUInt64BE() * 2n ** 64n + bytes.readBigUInt64BE(8);
}

function bytesOf(bits: number | bigint): number[] {
  const size = typeof bits === 'number' ? 4 : 16;
  const bytes = Buffer.alloc(size);
  if (typeof bits === 'number') bytes.writeInt32BE(bits);
  else {
    bytes.writeBigUInt64BE(bits >> 64n);
    bytes.writeBigUInt64BE(BigInt.asUintN(64, bits), 8);
  }
  return Array.from(bytes);
}

function addressText(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address.kind() === 'ipv4' ? address.toString() : (address as ipaddr.IPv6).toRFC5952String();
}
