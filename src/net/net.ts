/**
 * Addresses and networks in one canonical form, so that equal things are equal text everywhere: in files, in
 * rules and in keys. Nothing here ever resolves a name: iptables and ipset would, so every address passes
 * through parseNet before it may come near a command.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Family = 'ipv4' | 'ipv6';

/** A network; a host is one with the full prefix. */
export interface Net {
  readonly family: Family;
  /** Canonical: RFC 5952 for IPv6, host bits cleared, no prefix length when it is a host. */
  readonly text: string;
  readonly prefix: number;
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
}

export const FULL_PREFIX = { ipv4: 32, ipv6: 128 } as const;

/** Bits of ::ffff:0:0/96, the IPv4-mapped part of IPv6 (RFC 4291, 2.5.5.2). */
const MAPPED_PREFIX = 96;

/**
 * Parses an IPv4 or IPv6 address or CIDR; returns undefined for all else: host names, leading zeros, zones,
 * netmasks, white space. Host bits are cleared as fail2ban does, an IPv4-mapped IPv6 address becomes IPv4.
 */
export function parseNet(text: string): Net | undefined {
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

/** IPv6 with its dotted tail in groups: ipaddr.js takes `::1.2.3.4`, which iptables prints for `::102:304`, for IPv4. */
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
    inner.address.match(outer.address, outer.prefix)
  );
}

/** The address in the form that iptables prints: always with a prefix length. */
export function cidrText(net: Net): string {
  return net.prefix === FULL_PREFIX[net.family] ? `${net.text}/${net.prefix}` : net.text;
}

/** Orders IPv4 before IPv6, then by number, then the wider net first. */
export function compareNets(a: Net, b: Net): number {
  if (a.family !== b.family) return a.family === 'ipv4' ? -1 : 1;
  const left = groupsOf(a.address);
  const right = groupsOf(b.address);
  for (let index = 0; index < left.length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.prefix - b.prefix;
}

function groupsOf(address: ipaddr.IPv4 | ipaddr.IPv6): readonly number[] {
  return 'octets' in address ? address.octets : address.parts;
}

function makeNet(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): Net {
  const family = address.kind();
  if (prefix === FULL_PREFIX[family]) return { family, text: addressText(address), prefix, address };
  const network = clearHostBits(address, prefix);
  return { family, text: `${addressText(network)}/${prefix}`, prefix, address: network };
}

function clearHostBits(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): ipaddr.IPv4 | ipaddr.IPv6 {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return ipaddr.fromByteArray(bytes);
}

function addressText(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address.kind() === 'ipv4' ? address.toString() : (address as ipaddr.IPv6).toRFC5952String();
}
