/**
 * What IPv6 ends without: neighbour discovery (RFC 4861, types 133 to 137), and the question which groups are
 * listened to (RFC 2710, type 130), whose answers keep switches sending it. Of a banned next hop both are let by. The
 * hop limits are those that a receiver wants to see: no packet that came through a router has them, so nobody far
 * away is let by.
 */
import { icmpv6Rule, type Rule } from './rule.ts';

const NEIGHBOUR_TYPES = [133, 134, 135, 136, 137] as const;
const NEIGHBOUR_HOPS = 255;

const LISTENER_QUERY = 130;
const LISTENER_HOPS = 1;

/** Stand at the top of each chain that takes ICMPv6. */
export const NEIGHBOUR_RULES: readonly Rule[] = [
  ...NEIGHBOUR_TYPES.map((type) => icmpv6Rule(type, NEIGHBOUR_HOPS)),
  icmpv6Rule(LISTENER_QUERY, LISTENER_HOPS),
];
