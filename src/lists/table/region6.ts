/** The fast twin of regionOf of domain/net.ts, for addresses of IPv6 that are numbers. */

/** The region of what begins there. */
export function region6(start: bigint): string {
  // The three groups of a site are 48 bits, which a number holds.
  const site = Number(start >> 80n);
  const folded = Math.floor(site / 2 ** 32) ^ (Math.floor(site / 2 ** 16) & 0xffff) ^ (site & 0xffff);
  return NAMES[(folded >> 8) ^ (folded & 0xff)] ?? '';
}

const NAMES = Array.from({ length: 256 }, (_, octet) => `ipv6/${octet.toString(16).padStart(2, '0')}`);
