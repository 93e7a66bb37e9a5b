/**
 * The members of a set as ipset listed them, as compact as a hundred thousand need: hosts of IPv4 with their times and
 * counts as columns of numbers, all others (IPv6, networks, what has no time or says more) as the lines that they were.
 */
import { FULL_PREFIX, parseNet, type Net } from '../../../domain/net.ts';
import { textOf4 } from '../../../lists/text-of.ts';
import { MemberLines } from '../rules/member-lines.ts';

/** Columns of one length; they never change. */
export interface ListedHosts {
  /** Of each its 32 bits, as a signed number. */
  readonly addresses: Int32Array;
  /** Seconds until the kernel drops it by itself; 0 is never. */
  readonly left: Uint32Array;
  /** Undefined where none counted anything. */
  readonly counts: { readonly packets: Float64Array; readonly bytes: Float64Array } | undefined;
}

export interface ListedMembers {
  readonly hosts: ListedHosts;
  /** A line each: see {@link MemberLines}. */
  readonly others: string;
}

export interface ListedMember {
  readonly ip: Net;
  /** Seconds; 0 is without an end. */
  readonly left: number;
  readonly packets: number;
  readonly bytes: number;
}

/** Each member that is an address or a network, one by one: there may be a million. */
export function* eachListedMember({ hosts, others }: ListedMembers): Generator<ListedMember, undefined> {
  for (const [row, bits] of hosts.addresses.entries()) {
    const ip = { family: 'ipv4', text: textOf4(bits >>> 0), prefix: FULL_PREFIX.ipv4, bits } as const;
    const [packets, bytes] = [hosts.counts?.packets[row] ?? 0, hosts.counts?.bytes[row] ?? 0];
    yield { ip, left: hosts.left[row] ?? 0, packets, bytes };
  }
  for (const line = new MemberLines(others); line.next();) {
    const ip = parseNet(line.text);
    const { left, packets, bytes } = line;
    if (ip !== undefined) yield { ip, left, packets, bytes };
  }
  return undefined;
}
