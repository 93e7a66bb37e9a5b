/**
 * What other programs say in English where they tell it by no other sign, such as an exit code: one predicate for
 * each, with where its words are from. Programs run with LC_ALL=C (run.ts). Nothing else in src looks at the words of
 * an error.
 */
import type { Ran } from './run.ts';

type Words = Pick<Ran, 'stderr'>;

/** EPROTONOSUPPORT, in the words of the C library: a part of the kernel is missing. */
export function lacksKernelPart({ stderr }: Words): boolean {
  return stderr.includes('Protocol not supported');
}

/** What its reader can do about a refusal of iptables or ipset; undefined where nothing is known. */
export function hintFor({ stderr }: Words): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(stderr))?.[1];
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /permission denied|operation not permitted/i,
    'run it as root, or with CAP_NET_ADMIN (and CAP_NET_RAW for legacy)',
  ],
  [/can't open socket to ipset/i, 'a rule uses an ipset, which also requires CAP_NET_RAW'],
  // iptables-nft sends a transaction as one message; only rights outside of any user namespace lift its limit.
  [
    /message too long/i,
    'in a user namespace, net.core.wmem_max limits a transaction to about 900 rules by default',
  ],
];

/** What is wrong between the mover of a fleet and its hub, in what ssh (OpenSSH 9.2 and 10.0) or Valkey 8.1 said. */
export function hubTrouble(
  text: string,
): 'key-refused' | 'dropped' | 'host-changed' | 'name-unknown' | 'password-refused' | undefined {
  if (/\bWRONGPASS\b|\bNOAUTH\b/.test(text)) return 'password-refused';
  if (text.includes('Permission denied (')) return 'key-refused';
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/.test(text)) return 'host-changed';
  if (/\bkex_exchange_identification: |\bConnection (?:closed|reset) by \S+ port/.test(text))
    return 'dropped';
  return text.includes('Could not resolve hostname') ? 'name-unknown' : undefined;
}

/**
 * True when iptables-nft cannot list a table with native rules. The second is of some, such as ranges, from 1.8.11
 * on.
 */
export function meetsNativeRules({ stderr }: Words): boolean {
  return /is incompatible, use|Parsing nftables rule failed/.test(stderr);
}

/** The line, from 1, at which `ipset restore` stopped since a set is still in use; undefined where it did not. */
export function lineOfUsedSet({ stderr }: Words): number | undefined {
  const line = /Error in line (\d+): Set cannot be destroyed/.exec(stderr)?.[1];
  return line === undefined ? undefined : Number(line);
}

/** What `ipset test` says, a line each time, of a member that is in the set and of one that is not. */
export function saysOfMember(line: string): 'in' | 'not-in' | undefined {
  const not = / is (NOT )?in set \S+\.$/.exec(line);
  return not === null ? undefined : not[1] === undefined ? 'in' : 'not-in';
}

/** What it says where there is no such set. */
export function lacksSet({ stderr }: Words): boolean {
  return stderr.includes('The set with the given name does not exist');
}

/** True when ipset, or the kernel as it finds it, knows of no counters in sets. */
export function lacksCounters({ stderr }: Words): boolean {
  return stderr.includes("Unknown argument: `counters'");
}

/** True when `conntrack -D` found nothing to end: it exits with 1, as it does where it fails. */
export function foundNoFlows({ stderr }: Words): boolean {
  return stderr.includes(': 0 flow entries');
}
