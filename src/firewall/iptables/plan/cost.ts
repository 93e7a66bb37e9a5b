/** Whether to change single rules of a chain or to write the chain anew. */
import type { Variant } from '../../../domain/variant.ts';

interface ChainCost {
  /** Rules in the chain now. */
  readonly present: number;
  /** Rules it should hold. */
  readonly wanted: number;
  readonly deleted: number;
  readonly inserted: number;
}

/**
 * Microseconds, measured on iptables 1.8.9: only their ratio counts. iptables-nft looks through the whole chain for
 * each rule it deletes by value, so 1,000 deletes out of 10,000 rules take 2.3 s and a rewrite 0.09 s.
 */
const NFT_DELETE_PER_RULE_PRESENT = 0.23;
const NFT_INSERT = 5;
const NFT_REWRITE_PER_RULE = 8;

/**
 * True when a rewrite takes less time. iptables-legacy rewrites the whole table for any change, so a delta never
 * loses.
 */
export function isRewriteCheaper(
  { present, wanted, deleted, inserted }: ChainCost,
  variant: Variant,
): boolean {
  if (variant === 'legacy') return false;
  const delta = deleted * present * NFT_DELETE_PER_RULE_PRESENT + inserted * NFT_INSERT;
  return delta > (present + wanted) * NFT_REWRITE_PER_RULE;
}
