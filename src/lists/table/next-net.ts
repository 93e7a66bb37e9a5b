/** Cuts ranges into nets, the largest ones that fit, none wider than WIDEST; and counts them without making them. */
import { FULL_PREFIX } from '../../domain/net.ts';
import type { Range } from '../range.ts';
import { WIDEST } from './net-table.ts';

/** How many addresses the net has that begins at an address, where the range ends with `last`. */
export function netSize4(address: number, last: number): number {
  const lowest = (address & -address) >>> 0;
  const aligned = lowest === 0 ? WIDEST_SIZE : Math.min(lowest, WIDEST_SIZE);
  const room = last - address + 1;
  return room >= aligned ? aligned : 2 ** (31 - Math.clz32(room));
}

/** How many bits are free for hosts in the net that begins at an address, where the range ends with `last`. */
export function hostBits6(address: bigint, last: bigint): number {
  return address === last ? 0 : Math.min(alignedBits(address), bitLength(last - address + 1n) - 1);
}

/** How many nets a range is cut into: 46 of IPv4 and 222 of IPv6 at the most, where it is no wider than WIDEST. */
export function countNets(range: Range): number {
  let count = 0;
  if (range.family === 'ipv4')
    for (let at = range.first; at <= range.last; count += 1) at += netSize4(at, range.last);
  else for (let at = range.first; at <= range.last; count += 1) at += 1n << BigInt(hostBits6(at, range.last));
  return count;
}

/** How many of its last bits are free for the largest net that begins there. */
function alignedBits(address: bigint): number {
  if (address === 0n) return MOST_HOST_BITS;
  let bits = 0;
  let rest = address;
  while ((rest & 0xffffffffn) === 0n) {
    rest >>= 32n;
    bits += 32;
  }
  const lowest = Number(rest & 0xffffffffn);
  return Math.min(bits + 31 - Math.clz32(lowest & -lowest), MOST_HOST_BITS);
}

function bitLength(number: bigint): number {
  const digits = number.toString(16);
  return digits.length * 4 - Math.clz32(parseInt(digits.charAt(0), 16)) + 28;
}

const WIDEST_SIZE = 2 ** (FULL_PREFIX.ipv4 - WIDEST.ipv4);
const MOST_HOST_BITS = FULL_PREFIX.ipv6 - WIDEST.ipv6;
