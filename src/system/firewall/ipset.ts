/** The ipsets of this network namespace, of both families and of everybody, through ipset itself. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { commandFailed } from '../processes/command-failed.ts';
import { DEFAULT_TIMEOUT_MS, isInstalled, type Run, type RunOptions } from '../processes/run.ts';
import type { StandingIpset } from './standing-ipset.ts';
import { lacksCounters, lineOfUsedSet } from '../processes/tool-words.ts';

export type Sets =
  | {
      readonly kind: 'usable';
      /** Name, type, options and size of each set, as `ipset list -terse` prints them. */
      readonly heads: () => Promise<string>;
      /** One set with its members, as `ipset list NAME` prints it, while it does. */
      readonly list: (set: string, take: (chunk: Buffer) => void) => Promise<void>;
      /**
       * Takes lines as `ipset restore` does; what stands already, and what is gone already, is well. No transaction:
       * when a line is refused, what stood before it is done, and what follows is not.
       */
      readonly restore: (text: string) => Promise<void>;
      /** The same of a text that is made while ipset reads it. */
      readonly restoreLong: (text: LongText) => Promise<void>;
    }
  | { readonly kind: 'unusable'; readonly lack: 'program' | 'right'; readonly reason: string };

/** A text of whole lines that is never there at once. */
export interface LongText {
  /** How many there are, at the most. */
  readonly lines: number;
  /** Makes them anew, some at a time. */
  readonly pieces: () => Iterable<string>;
}

/** Looks whether there is an ipset, and whether rules may look into sets; what `standing` does not do, processes do. */
export function openSets(run: Run, standing?: StandingIpset): Sets {
  if (!isInstalled('ipset')) return { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' };
  if (!mayOpenRawSockets()) return { kind: 'unusable', lack: 'right', reason: 'CAP_NET_RAW is missing' };
  return {
    kind: 'usable',
    heads: () => ipset(run, ['list', '-terse']),
    list: async (set, take) => {
      await ipset(run, ['list', set], { take });
    },
    restore: async (text) => {
      if ((await standing?.change(text)) !== true) await restore(run, { pieces: () => [text] });
    },
    restoreLong: (text) => {
      standing?.wake();
      return restore(run, text);
    },
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
async function restore(run: Run, text: Text): Promise<void> {
  const deadline = performance.now() + RELEASE_MS;
  let rest = text;
  let isCounting = true;
  for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
    const ran = await run('ipset', ['-exist', 'restore'], inputOf(rest));
    if (ran.exitCode === 0) return;
    if (lacksCounters(ran) && isCounting) {
      isCounting = false;
      rest = withoutCounters(rest);
      continue;
    }
    const line = lineOfUsedSet(ran);
    if (line === undefined || performance.now() > deadline) throw commandFailed('ipset restore', ran);
    rest = fromLine(line, rest);
    await delay(wait);
  }
}

interface Text extends Pick<LongText, 'pieces'> {
  /** Undefined of a short one, which ipset is given at once. */
  readonly lines?: number;
}

function inputOf({ lines, pieces }: Text): RunOptions {
  if (lines === undefined) return { input: Array.from(pieces()).join('') };
  return { pieces: pieces(), timeoutMs: DEFAULT_TIMEOUT_MS + lines * MS_A_LINE };
}

/** Ten times what a slow machine takes. */
const MS_A_LINE = 1;

function withoutCounters({ pieces, ...text }: Text): Text {
  return {
    ...text,
    *pieces() {
      for (const piece of pieces()) yield piece.replaceAll(COUNTERS, '');
    },
  };
}

const COUNTERS = /(?<=^create .*) counters$|(?<=^add .*) packets \d+ bytes \d+$/gm;

/** What stands before it is done. */
function fromLine(line: number, { pieces, ...text }: Text): Text {
  return {
    ...text,
    *pieces() {
      let done = line - 1;
      for (const piece of pieces()) {
        if (done === 0) yield piece;
        else {
          const own = piece.split('\n');
          const skipped = Math.min(done, own.length - 1);
          done -= skipped;
          yield own.slice(skipped).join('\n');
        }
      }
    },
  };
}

async function ipset(run: Run, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await run('ipset', args, options);
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
