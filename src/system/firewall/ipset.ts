/** The ipsets of this network namespace, of both families and of everybody, through ipset itself. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { commandFailed } from '../processes/command-failed.ts';
import { isInstalled, type Run } from '../processes/run.ts';
import { lacksCounters, lineOfUsedSet } from '../processes/tool-words.ts';

export type Sets =
  | {
      readonly kind: 'usable';
      /** Name, type, options and size of each set, as `ipset list -terse` prints them. */
      readonly heads: () => Promise<string>;
      /** One set with its members, as `ipset list NAME` prints it. */
      readonly list: (set: string) => Promise<string>;
      /**
       * Takes lines as `ipset restore` does; what stands already, and what is gone already, is well. No transaction:
       * when a line is refused, what stood before it is done, and what follows is not.
       */
      readonly restore: (text: string) => Promise<void>;
    }
  | { readonly kind: 'unusable'; readonly lack: 'program' | 'right'; readonly reason: string };

/** Looks whether there is an ipset, and whether rules may look into sets. */
export function openSets(run: Run): Sets {
  if (!isInstalled('ipset')) return { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' };
  if (!mayOpenRawSockets()) return { kind: 'unusable', lack: 'right', reason: 'CAP_NET_RAW is missing' };
  return {
    kind: 'usable',
    heads: () => ipset(run, ['list', '-terse']),
    list: (set) => ipset(run, ['list', set]),
    restore: (text) => restore(run, text),
  };
}

/** How long a set may still be in use after the last rule that looked into it went. */
const RELEASE_MS = 1_000;
const FIRST_WAIT_MS = 5;

/**
 * The kernel lets go of a rule of iptables-nft some time after the transaction that took it out
 * (nf_tables_trans_destroy_work), and until then destroys no set that it looked into. Where nobody can count, sets are
 * made that do not.
 */
async function restore(run: Run, text: string): Promise<void> {
  const deadline = performance.now() + RELEASE_MS;
  let rest = text;
  for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
    const ran = await run('ipset', ['-exist', 'restore'], { input: rest });
    if (ran.exitCode === 0) return;
    if (lacksCounters(ran) && COUNTERS.test(rest)) {
      rest = rest.replaceAll(COUNTERS, '');
      continue;
    }
    const line = lineOfUsedSet(ran);
    if (line === undefined || performance.now() > deadline) throw commandFailed('ipset restore', ran);
    rest = rest
      .split('\n')
      .slice(line - 1)
      .join('\n');
    await delay(wait);
  }
}

const COUNTERS = /(?<=^create .*) counters$|(?<=^add .*) packets \d+ bytes \d+$/gm;

async function ipset(run: Run, args: readonly string[]): Promise<string> {
  const ran = await run('ipset', args);
  if (ran.exitCode !== 0) throw commandFailed(`ipset ${args.join(' ')}`, ran);
  return ran.stdout;
}

/** capabilities(7). */
const CAP_NET_RAW = 13n;

/**
 * iptables asks the kernel for a set's number through a raw socket (libxt_set), also where it only prints a rule that
 * looks into one: without the right to open it, not even `iptables -S` works any more.
 */
function mayOpenRawSockets(): boolean {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    // What is permitted: root that acts as another has none in effect, and its programs have all.
    const permitted = BigInt(`0x${/^CapPrm:\t([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
    return ((permitted >> CAP_NET_RAW) & 1n) === 1n;
  } catch {
    return false;
  }
}
