/**
 * A claim that the policy lets be enforced, and what is dropped for it: its address, or where aggregate6 says so the
 * network around it. The claim itself keeps the address.
 */
import { widened, type Net } from '../domain/net.ts';
import type { LiveClaim } from '../claims/live.ts';

export interface DroppedClaim extends LiveClaim {
  /** What is dropped for it; absent where that is what it claims. */
  readonly dropped?: Net;
}

/** What is dropped for a claim. */
export function droppedFor({ ip, dropped = ip }: Pick<DroppedClaim, 'ip' | 'dropped'>): Net {
  return dropped;
}

/** The network that is dropped for this one, of IPv6 one of this prefix length at the least; undefined: itself. */
export function aggregateOf(ip: Net, aggregate6: number | undefined): Net | undefined {
  return aggregate6 === undefined || ip.family !== 'ipv6' || ip.prefix <= aggregate6
    ? undefined
    : widened(ip, aggregate6);
}
