/** The filter tables of this network namespace, through iptables itself, in one of its two variants. */
import { readFileSync } from 'node:fs';
import { BanspoolError } from './error.ts';
import type { Run } from './run.ts';

export type Variant = 'nft' | 'legacy';
export type Family = 'ipv4' | 'ipv6';

export interface Firewall {
  readonly variant: Variant;
  /** What `-S -v` prints of the filter table. */
  readonly list: (family: Family) => Promise<string>;
  /** One transaction: all of the text takes effect, or nothing. */
  readonly restore: (family: Family, text: string) => Promise<void>;
  /** What `-S` prints of the same table in the other variant; empty when nothing can be there. */
  readonly listOther: (family: Family) => Promise<string>;
}

/** How long iptables-legacy may wait for its lock; iptables-nft has none and takes the option all the same. */
const LOCK_WAIT_S = '10';

/** Finds the variant and the programs of it. */
export async function openFirewall(run: Run, setting: 'auto' | Variant): Promise<Firewall> {
  const variant = setting === 'auto' ? await defaultVariant(run) : setting;
  return {
    variant,
    list: (family) => listTable(run, program(family, variant)),
    restore: async (family, text) => {
      const file = `${program(family, variant)}-restore`;
      const ran = await run(file, ['--noflush', '-w', LOCK_WAIT_S], { input: text });
      if (ran.exitCode !== 0) throw failed(file, ran.exitCode, ran.stderr);
    },
    listOther: async (family) => {
      const other = variant === 'nft' ? 'legacy' : 'nft';
      if (other === 'legacy' && !hasLegacyTable(family)) return '';
      return listTable(run, program(family, other), false);
    },
  };
}

/** `iptables` is a link to one of the two; its version line says which: "iptables v1.8.9 (nf_tables)". */
async function defaultVariant(run: Run): Promise<Variant> {
  const { stdout } = await run('iptables', ['--version']);
  return stdout.includes('nf_tables') ? 'nft' : 'legacy';
}

function program(family: Family, variant: Variant): string {
  return `${family === 'ipv4' ? 'iptables' : 'ip6tables'}-${variant}`;
}

async function listTable(run: Run, file: string, counters = true): Promise<string> {
  const ran = await run(file, ['-w', LOCK_WAIT_S, '-S', ...(counters ? ['-v'] : [])]);
  if (ran.exitCode !== 0) throw failed(`${file} -S`, ran.exitCode, ran.stderr);
  return ran.stdout;
}

/** Asking iptables-legacy would load its kernel modules, and make its tables, on a machine that has none. */
function hasLegacyTable(family: Family): boolean {
  try {
    const names = readFileSync(
      `/proc/net/${family === 'ipv4' ? 'ip_tables_names' : 'ip6_tables_names'}`,
      'utf8',
    );
    return names.split('\n').includes('filter');
  } catch {
    return false;
  }
}

/** The first lines say what; the last ones only point to the manual. */
function failed(what: string, exitCode: number, stderr: string): BanspoolError {
  const said = stderr
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('Try '))
    .slice(0, 3)
    .join('; ');
  const hint = HINTS.find(([pattern]) => pattern.test(stderr))?.[1];
  return new BanspoolError(
    'command-failed',
    `${what} failed (exit ${exitCode}): ${said === '' ? 'it said nothing' : said}`,
    { hint },
  );
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /permission denied|operation not permitted/i,
    'it needs root, or CAP_NET_ADMIN (and CAP_NET_RAW for legacy)',
  ],
  // iptables-nft sends a transaction as one message; only rights outside of any user namespace lift its limit.
  [
    /message too long/i,
    'in a user namespace a transaction is limited by net.core.wmem_max, to some 900 rules by default',
  ],
];
