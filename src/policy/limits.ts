/** What each server may claim at most. */
import { peerOf } from '../domain/names.ts';
import { originOf } from '../domain/origin.ts';
import type { Net } from '../domain/net.ts';
import type { Limits } from './limit-schemas.ts';
import type { Policy } from './policy.ts';

/** Jails of one server: each is a chain and at least two jumps that every packet passes. */
export const MAX_JAILS = 100;

/** Operators are trusted with wider networks, but not with half of the Internet by a slip. */
const TRUSTED_LIMITS: Limits = {
  claims: 1_000_000,
  prefix4: 8,
  prefix6: 16,
  bantime: Infinity,
  jails: undefined,
};

/** Of who is no peer. */
const NO_PEER: Limits = { claims: 0, prefix4: 32, prefix6: 128, bantime: 0, jails: [] };

/** The limits of one server, or of a peer's; the operator has his own unless the policy names him. */
export function limitsOf(server: string, policy: Policy): Limits {
  const peer = peerOf(server);
  if (peer !== undefined) return policy.peers.get(peer) ?? NO_PEER;
  return policy.servers.get(server) ?? (originOf(server).isTrusted ? TRUSTED_LIMITS : policy.defaults);
}

/** The widest network that may be claimed of the address's family, as a prefix length. */
export function widestOf({ family }: Net, limits: Limits): number {
  return family === 'ipv4' ? limits.prefix4 : limits.prefix6;
}
