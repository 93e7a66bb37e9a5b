/**
 * Says of one lockout what is wrong, and what a person does about it: in the same words wherever it is told. Where no
 * line of the policy denies the address, a ban drops it.
 */
import type { Lockout } from './lockout.ts';

interface LockoutWords {
  readonly what: string;
  readonly fix: string;
}

/** `policy.yaml line 3 denies 203.0.113.7, from which anna is logged in (pts/1)`, and how that ends. */
export function lockoutWords({ text, by }: Lockout): LockoutWords {
  if (by.line !== undefined)
    return {
      what: `policy.yaml line ${by.line} denies ${text}`,
      fix: 'remove that line, or allow the address',
    };
  const net = by.net.text;
  const wider = by.dropped === undefined ? '' : `, enforced as ${by.dropped.text},`;
  return {
    what: `a ban of ${net}${wider} drops ${text}`,
    fix: `banspool unban ${net}, or allow the address`,
  };
}
