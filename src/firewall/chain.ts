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

/** The chain of a jail: the prefix and the jail's name, cut and hashed where that is too long. */
export function chainOf(jail: string, prefix: string): string {
  const plain = prefix + jail;
  if (plain.length <= MAX_CHAIN_NAME) return plain;
  const kept = plain.slice(0, MAX_CHAIN_NAME - HASH_LENGTH - CUT_MARK.length);
  return kept + CUT_MARK + hash(jail);
}

/** The chain of policy.yaml's deny list; no jail can be called so, since a jail starts with a letter or digit. */
export function denyChain(prefix: string): string {
  return `${prefix}.deny`;
}

/** True for the chains that we may change and remove. */
export function isOurs(chain: string, prefix: string): boolean {
  return chain.startsWith(prefix);
}

function hash(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  return Array.from(digest.subarray(0, HASH_LENGTH), (byte) => BASE32[byte % BASE32.length]).join('');
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
