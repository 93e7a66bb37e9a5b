/** What iptables or ipset said when it refused, as an error with a hint where one is known. */
import { BanspoolError } from '../error.ts';
import type { Ran } from './run.ts';

/** The first lines say what; the last ones only point to the manual. */
export function commandFailed(what: string, { exitCode, stderr }: Ran): BanspoolError {
  const said = stderr
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('Try '))
    .slice(0, 3)
    .join('; ');
  const hint = HINTS.find(([pattern]) => pattern.test(stderr))?.[1];
  return new BanspoolError(
    stderr.includes(KERNEL_LACKS) ? 'not-supported' : 'command-failed',
    `${what} failed (exit ${exitCode}): ${said === '' ? 'it said nothing' : said}`,
    { hint },
  );
}

/** EPROTONOSUPPORT, in the words of the C library: a part of the kernel is missing. */
const KERNEL_LACKS = 'Protocol not supported';

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /permission denied|operation not permitted/i,
    'it needs root, or CAP_NET_ADMIN (and CAP_NET_RAW for legacy)',
  ],
  [/can't open socket to ipset/i, 'a rule looks into an ipset: that needs CAP_NET_RAW too'],
  // iptables-nft sends a transaction as one message; only rights outside of any user namespace lift its limit.
  [
    /message too long/i,
    'in a user namespace a transaction is limited by net.core.wmem_max, to some 900 rules by default',
  ],
];
