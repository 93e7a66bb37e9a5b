/** Names of our chains. Ours are known by the prefix and by nothing else. */
import { createHash } from 'node:crypto';

/** Longest chain name that iptables takes: "must be under 29 chars" (XT_EXTENSION_MAXNAMELEN). */
const MAX_CHAIN_NAME = 28;

/** Base32 letters of the hash that stands for the part of a long name that was cut: 40 bits. */
const HASH_LENGTH = 8;

/**
 * Between the cut name and its hash. No jail name may hold it, so a cut name can never be another jail's plain one,
 * however that jail was named.
 */
const CUT_MARK = '~';

/** What is kept of a name that is cut. */
const KEPT_LENGTH = MAX_CHAIN_NAME - HASH_LENGTH - CUT_MARK.length;

/** The chain of a jail: the prefix and the jail's name, cut and hashed where that is too long. */
export function chainOf(jail: string, prefix: string): string {
  const plain = prefix + jail;
  if (plain.length <= MAX_CHAIN_NAME) return plain;
  const kept = plain.slice(0, KEPT_LENGTH);
  return kept + CUT_MARK + hash(jail);
}

/** The chain of policy.yaml's deny list; no jail can be called so, since a jail starts with a letter or digit. */
export function denyChain(prefix: string): string {
  return `${prefix}.deny`;
}

/** The chain in the table `raw`, of what is dropped ahead of connection tracking; no jail can be called so either. */
export function earlyChain(prefix: string): string {
  return `${prefix}.early`;
}

/** The chain of a list of policy.yaml, cut and hashed as that of a jail; no jail can have it either. */
export function listChain(list: string, prefix: string): string {
  return chainOf(LIST_MARK + list, prefix);
}

/** True for the chain of a list, and for the set of one. */
export function isOfList(name: string, prefix: string): boolean {
  // As much of it as the longest prefix leaves.
  return name.startsWith((prefix + LIST_MARK).slice(0, KEPT_LENGTH));
}

const LIST_MARK = '.list.';

/** True for the chains that we may change and remove. */
export function isOurs(chain: string, prefix: string): boolean {
  return chain.startsWith(prefix);
}

function hash(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  return Array.from(digest.subarray(0, HASH_LENGTH), (byte) => BASE32[byte % BASE32.length]).join('');
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
