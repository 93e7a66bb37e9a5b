/** The tables of this network namespace, through iptables itself, in one of its two variants. */
import { existsSync } from 'node:fs';
import { commandFailed } from '../processes/command-failed.ts';
import { BanspoolError, errnoOf } from '../error.ts';
import { openSets, type Sets } from './ipset.ts';
import type { TableChange } from './nft-monitor.ts';
import { OwnProcesses, OwnWrites } from './own-writes.ts';
import { LOCK_WAIT_S } from './standing-restore.ts';
import type { StandingTools } from './standing-tools.ts';
import { readAsRoot } from '../processes/read-as-root.ts';
import type { Run } from '../processes/run.ts';
import type { Family } from '../../domain/net.ts';
import type { Variant } from '../../domain/variant.ts';
import { meetsNativeRules } from '../processes/tool-words.ts';

/** Those that hold rules of ours. */
export type Table = 'filter' | 'raw';

/** The programs of one variant of iptables, and ipset: what is done with them. */
export interface Tools {
  readonly variant: Variant;
  /** What `-S -v` prints of the filter table; throws `native-rules` where it holds some that iptables cannot print. */
  readonly list: (family: Family) => Promise<string>;
  /** The same of the table `raw`, which is not made for that. */
  readonly listRaw: (family: Family) => Promise<string>;
  /** What else can be read of such a table, which is always one of the variant nft. */
  readonly piecemeal?: Piecemeal;
  /** One transaction: all of the text takes effect, or nothing. */
  readonly restore: (family: Family, text: string) => Promise<void>;
  /** What `-S` prints of a table in the other variant; empty when nothing can be there. */
  readonly listOther: (family: Family, table: Table) => Promise<string>;
  /** The same of a family that is not to be touched, in the variant in use. */
  readonly listUnnamed: (family: Family, table: Table) => Promise<string>;
  readonly sets: Sets;
  /** True of a process that lately made a transaction for us. */
  readonly isOwn: (pid: number) => boolean;
  /** The same, once, of what a transaction of ours wrote, where process ids tell nothing. */
  readonly wrote?: (change: TableChange) => boolean;
}

export interface Piecemeal {
  /** What nft prints of the whole table, in numbers, with handles, without counters and members of sets. */
  readonly table: (family: Family) => Promise<string>;
  /** What `-S CHAIN -v` prints. Throws `native-rules` as `list` does, and where there is no such chain. */
  readonly chain: (family: Family, chain: string) => Promise<string>;
  /** One transaction of nft. */
  readonly change: (text: string) => Promise<void>;
}

/** As iptables prints it where there is nothing. */
const EMPTY_RAW = '-P PREROUTING ACCEPT\n-P OUTPUT ACCEPT\n';

/** Finds the variant and the programs of it; what `standing` does not do, processes do. */
export async function openFirewall(
  run: Run,
  setting: 'auto' | Variant,
  standing?: StandingTools,
): Promise<Tools> {
  const processes = new OwnProcesses();
  const writes = new OwnWrites();
  const variant = setting === 'auto' ? await defaultVariant(run) : setting;
  const listUnused = async (family: Family, unused: Variant, table: Table): Promise<string> =>
    unused === 'legacy' && !(await hasLegacyTable(run, family, table))
      ? ''
      : listRules(run, program(family, unused), table === 'raw' ? ['-t', table] : []);
  return {
    variant,
    list: async (family) => {
      const standingBy = standing?.restore(restoreOf(family, variant));
      const heard = await standingBy?.list();
      if (heard !== undefined) return heard;
      const listed = await listRules(run, program(family, variant), ['-v']);
      standingBy?.listed(listed.length);
      return listed;
    },
    listRaw: async (family) =>
      variant === 'legacy' && !(await hasLegacyTable(run, family, 'raw'))
        ? EMPTY_RAW
        : listRules(run, program(family, variant), ['-t', 'raw', '-v']),
    piecemeal: {
      table: (family) => listByNft(run, family),
      chain: (family, chain) => listRules(run, program(family, 'nft'), [chain, '-v']),
      change: async (text) => {
        const ran = await run('nft', ['-f', '-'], { input: text });
        processes.note(ran.pid);
        if (ran.exitCode !== 0) throw commandFailed('nft', ran);
      },
    },
    restore: async (family, text) => {
      const file = restoreOf(family, variant);
      // Its news may come before its end.
      const withdraw = writes.expect(family, text);
      const told = await standing?.restore(file).restore(text);
      if (told?.pid !== undefined) processes.note(told.pid);
      if (told?.kind === 'done') return;
      if (told?.kind === 'unknown') {
        withdraw();
        throw new BanspoolError('unacknowledged', `${file} did not acknowledge a change`);
      }
      const ran = await run(file, ['--noflush', '-w', LOCK_WAIT_S], { input: text });
      processes.note(ran.pid);
      if (ran.exitCode === 0) return;
      withdraw();
      throw commandFailed(file, ran);
    },
    listOther: (family, table) => listUnused(family, variant === 'nft' ? 'legacy' : 'nft', table),
    listUnnamed: (family, table) => listUnused(family, variant, table),
    sets: openSets(run, standing?.ipset),
    isOwn: (pid) => processes.has(pid),
    wrote: (change) => !processes.areKnown && writes.claim(change),
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

function restoreOf(family: Family, variant: Variant): string {
  return `${program(family, variant)}-restore`;
}

async function listRules(run: Run, file: string, args: readonly string[]): Promise<string> {
  const ran = await run(file, ['-w', LOCK_WAIT_S, '-S', ...args]);
  if (ran.exitCode === 0) return ran.stdout;
  if (!meetsNativeRules(ran)) throw commandFailed(`${file} -S`, ran);
  const table = `table ${file.startsWith('ip6') ? 'ip6' : 'ip'} ${args[0] === '-t' ? 'raw' : 'filter'}`;
  throw new BanspoolError('native-rules', `${table} holds native nft rules, which ${file} -S cannot list`, {
    hint: 'move them to another table, such as table inet mine',
  });
}

async function listByNft(run: Run, family: Family): Promise<string> {
  const table = ['table', family === 'ipv4' ? 'ip' : 'ip6', 'filter'];
  const ran = await run('nft', ['-a', '-n', '-s', '-t', 'list', ...table]);
  if (ran.exitCode !== 0) throw commandFailed(`nft list ${table.join(' ')}`, ran);
  return ran.stdout;
}

/**
 * Asking iptables-legacy would load its kernel modules, and make its tables, on a machine that has none. Only root may
 * read which tables there are; that the module is loaded shows to everybody.
 */
async function hasLegacyTable(run: Run, family: Family, table: Table): Promise<boolean> {
  const prefix = family === 'ipv4' ? 'ip' : 'ip6';
  try {
    return (await readAsRoot(`/proc/net/${prefix}_tables_names`, run)).split('\n').includes(table);
  } catch (error) {
    return errnoOf(error) === 'EACCES' && existsSync(`/sys/module/${prefix}table_${table}`);
  }
}
