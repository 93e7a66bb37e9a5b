/**
 * Names of our ipsets. A set is ours by the same prefix as a chain, and belongs to one family by the end of its name.
 */
import type { Family } from '../../../domain/net.ts';

/** The kind that holds addresses and networks alike, and looks up a packet in the time of one hash a prefix length. */
export const SET_TYPE = 'hash:net';

/** The option with which each member counts its packets and bytes. */
export const COUNTERS = 'counters';

/** What ipset calls the families. */
export const SET_FAMILY = { ipv4: 'inet', ipv6: 'inet6' } as const;

/**
 * The set of a chain. One set cannot hold both families, hence the ending, which no chain of ours can have: no jail may
 * hold a colon. With it the longest chain name, 28, stays within the 31 characters of ipset (IPSET_MAXNAMELEN).
 */
export function setOf(chain: string, family: Family): string {
  return family === 'ipv4' ? chain : `${chain}:6`;
}

/** The set of a chain whose own name somebody else's set has. */
export function spareSetOf(chain: string, family: Family): string {
  return `${chain}:${family === 'ipv4' ? 5 : 7}`;
}

/** The name of a set while it is filled to take the place of another. */
export function draftSetOf(set: string): string {
  return /:[567]$/.test(set) ? `${set}t` : `${set}:t`;
}

/** The chain whose set it is. */
export function chainOfSet(set: string): string {
  return set.replace(/:(?:[567]t?|t)$/, '');
}

/** True for a set that took nobody's place yet: a pass that was cut off left it. */
export function isDraftSet(set: string): boolean {
  return /:[567]?t$/.test(set);
}

/** The family whose passes look after a set of ours. */
export function familyOfSet(set: string): Family {
  return /:[67]t?$/.test(set) ? 'ipv6' : 'ipv4';
}
