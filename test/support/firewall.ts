/** The firewall of this network namespace, or of a host in it, as iptables shows it. */
import type { Variant } from '../../src/domain/variant.ts';
import type { Family } from '../../src/domain/net.ts';
import { eventually } from './eventually.ts';
import { withoutLists } from './everything.ts';
import { requirePrivateNetwork } from './namespaces.ts';
import { outputOf, runProgram } from './run-program.ts';

export interface Table {
  readonly family?: Family;
  readonly variant?: Variant;
  /** The beginning of a command that enters the host. */
  readonly enter?: readonly string[];
  /** The table; filter when absent. */
  readonly name?: string;
  /** With packets and bytes. */
  readonly counters?: boolean;
}

/** The lines of `iptables -S`. */
export async function iptablesRules(table: Table = {}): Promise<readonly string[]> {
  const { enter = [], name = 'filter', counters = false } = table;
  const output = await outputOf([
    ...enter,
    programOf(table),
    '-w',
    '-t',
    name,
    '-S',
    ...(counters ? ['-v'] : []),
  ]);
  return withoutLists(output.trimEnd().split('\n'));
}

/** Makes a whole table what `text` says, as iptables-restore does; what it does not name goes. */
export async function restoreTable(text: string, table: Table = {}): Promise<void> {
  requirePrivateNetwork();
  const ran = await runProgram([`${programOf(table)}-restore`, '-w', '--counters'], { input: text });
  if (ran.code !== 0) throw new Error(ran.stderr);
}

/** Runs iptables with these arguments, as another program on the firewall would. */
export async function iptables(args: readonly string[], table: Table = {}): Promise<void> {
  requirePrivateNetwork();
  await outputOf([...(table.enter ?? []), programOf(table), '-w', ...args]);
}

/** Takes all sets, and all rules and chains out of both families' tables filter and raw, in both variants. */
export async function clearFirewall(): Promise<void> {
  requirePrivateNetwork();
  // The kernel lets go of a set some time after the rule of iptables-nft that matched it is gone.
  await eventually(() => outputOf(['sh', '-c', CLEAR, 'sh', EMPTY_TABLE, EMPTY_RAW, WITHOUT_RAW]));
}

/** Without --noflush a table becomes what the text says, and chains that it does not name go. */
const CLEAR = `
for program in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
  printf %s "$1" | $program-restore -w
done
printf %s "$3" | nft -f -
for family in ip ip6; do
  ! grep -qs raw /proc/net/$family"_tables_names" || printf %s "$2" | "$family"tables-legacy-restore -w
done
exec ipset destroy
`;

/** Does with sets what these lines say, as another program on the firewall would. */
export async function ipset(...lines: readonly string[]): Promise<void> {
  requirePrivateNetwork();
  await outputOf(['ipset', 'restore'], { input: lines.map((line) => `${line}\n`).join('') });
}

/** What `ipset list` prints of one set. */
export async function listSet(set: string): Promise<string> {
  return outputOf(['ipset', 'list', set]);
}

/** What the set holds, sorted, without the times that are left; undefined when there is no such set. */
export async function setMembers(set: string): Promise<readonly string[] | undefined> {
  const ran = await runProgram(['ipset', 'list', set]);
  if (ran.code !== 0) return undefined;
  const [, members = ''] = ran.stdout.split('Members:\n');
  return members
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ', 1)[0] ?? '')
    .sort();
}

const EMPTY_TABLE = '*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n';
const EMPTY_RAW = '*raw\n:PREROUTING ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n';
const WITHOUT_RAW = ['ip', 'ip6'].map((each) => `add table ${each} raw\ndelete table ${each} raw\n`).join('');

function programOf({ family = 'ipv4', variant = 'nft' }: Table): string {
  return `${family === 'ipv4' ? 'iptables' : 'ip6tables'}-${variant}`;
}
