/**
 * A filter table of each family in memory, with as much of iptables as banspool has to do with: it prints `-S -v` and
 * takes the restore texts that apply writes, all of a text or nothing. The contract in test/contract is kept by this
 * and by the real ones.
 */
import type { Tools } from '../../src/system/firewall/iptables.ts';
import type { Family } from '../../src/domain/net.ts';
import type { Variant } from '../../src/domain/variant.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { FakeSets } from './fake-sets.ts';

export class FakeFirewall implements Tools {
  readonly variant: Variant;

  /** Refuses the next restore. */
  failNextRestore = false;
  /** Refuses every restore. */
  failAllRestores = false;
  /** Called once, ahead of the next restore: what another program does between our read and our write. */
  beforeRestore: (() => void) | undefined;
  /** No call ends before this does. */
  hang: Promise<unknown> | undefined;
  /** Lines printed among the rules that are none. */
  noise: readonly string[] = [];
  /** What {@link listOther} prints. */
  other: Readonly<Record<Family, string>> = { ipv4: '', ipv6: '' };

  /** The restores that took effect. */
  readonly restores: { readonly family: Family; readonly text: string }[] = [];

  readonly isOwn = (): boolean => false;
  readonly sets = new FakeSets((set) => this.#countReferences(set));

  readonly #tables = { ipv4: emptyTable(), ipv6: emptyTable() };

  constructor(variant: Variant = 'nft') {
    this.variant = variant;
  }

  readonly list = async (family: Family): Promise<string> => {
    await this.hang;
    return [...this.noise, ...print(this.#tables[family], true), ''].join('\n');
  };

  readonly restore = async (family: Family, text: string): Promise<void> => {
    await this.hang;
    const hook = this.beforeRestore;
    this.beforeRestore = undefined;
    hook?.();
    const fails = this.failNextRestore || this.failAllRestores;
    this.failNextRestore = false;
    if (fails) throw refusal('made to fail');
    this.#change(family, restoreLines(text));
    this.restores.push({ family, text });
  };

  readonly listOther = async (family: Family): Promise<string> => {
    await this.hang;
    return this.other[family];
  };

  readonly listUnnamed = async (family: Family): Promise<string> => {
    await this.hang;
    return [...print(this.#tables[family], false), ''].join('\n');
  };

  /** Does what iptables does when another program calls it once for each of these lines, or loads this listing. */
  edit(family: Family, ...lines: readonly string[]): void {
    this.#change(
      family,
      lines.flatMap((line) => line.split('\n')).filter((line) => line !== ''),
    );
  }

  /** Gives the counters of a rule the values that so many packets of 60 bytes leave. */
  count(family: Family, line: string, packets: number): void {
    const [, chain = '', text = ''] = /^-A (\S+) (.*)$/.exec(line) ?? [];
    const rule = rulesOf(this.#tables[family], chain).find((each) => isSame(each.text, text));
    if (rule === undefined) throw new Error(`no such rule: ${line}`);
    rule.packets = packets;
    rule.bytes = packets * 60;
  }

  /** The lines of `-S`, without counters. */
  lines(family: Family): readonly string[] {
    return print(this.#tables[family], false);
  }

  #countReferences(set: string): number {
    return (['ipv4', 'ipv6'] as const)
      .flatMap((family) => Array.from(this.#tables[family].chains.values()).flat())
      .filter(({ text }) => text.includes(` --match-set ${set} `)).length;
  }

  #change(family: Family, lines: readonly string[]): void {
    const table = copyOf(this.#tables[family]);
    for (const line of lines) {
      const set = / --match-set (\S+) /.exec(line)?.[1];
      if (set !== undefined && !line.startsWith('-D') && !this.sets.has(set))
        throw refusal(`the set ${set} does not exist`);
      changeTable(table, line);
    }
    this.#tables[family] = table;
  }
}

interface Rule {
  readonly text: string;
  packets: number;
  bytes: number;
}

interface Table {
  readonly policies: Map<string, string>;
  readonly chains: Map<string, Rule[]>;
}

function emptyTable(): Table {
  const builtIn = ['INPUT', 'FORWARD', 'OUTPUT'];
  return {
    policies: new Map(builtIn.map((chain) => [chain, 'ACCEPT'])),
    chains: new Map(builtIn.map((chain) => [chain, []])),
  };
}

function copyOf({ policies, chains }: Table): Table {
  return {
    policies: new Map(policies),
    chains: new Map(Array.from(chains, ([name, rules]) => [name, rules.map((rule) => ({ ...rule }))])),
  };
}

function print({ policies, chains }: Table, counters: boolean): string[] {
  const zero = counters ? ' -c 0 0' : '';
  return [
    ...Array.from(policies, ([chain, policy]) => `-P ${chain} ${policy}${zero}`),
    ...Array.from(chains.keys()).flatMap((chain) => (policies.has(chain) ? [] : [`-N ${chain}`])),
    ...Array.from(chains).flatMap(([chain, rules]) =>
      rules.map((rule) => `-A ${chain} ${counters ? withCounters(rule) : rule.text}`),
    ),
  ];
}

/** Right ahead of the target, or at the end where there is none. */
function withCounters({ text, packets, bytes }: Rule): string {
  const words = wordsOf(text);
  const at = words.findLastIndex((word) => word === '-j' || word === '-g');
  const place = at < 0 ? words.length : at;
  return [...words.slice(0, place), '-c', packets, bytes, ...words.slice(place)].join(' ');
}

function restoreLines(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines[0] !== '*filter' || lines.at(-2) !== 'COMMIT' || lines.at(-1) !== '') {
    throw refusal('not one transaction of the filter table');
  }
  return lines.slice(1, -2);
}

/** One line of what iptables-restore reads, or of what `-S` prints. */
function changeTable(table: Table, line: string): void {
  const [, verb = '', chain = '', counters, rest = ''] =
    /^(:|-[APNIDFX] )(\S+) ?(?:-c (\d+ \d+) )?(.*)$/.exec(line) ?? [];
  const [packets = 0, bytes = 0] = counters?.split(' ').map(Number) ?? [];
  switch (verb.trim()) {
    case ':':
      if (table.policies.has(chain)) throw refusal(`it would set a policy: ${line}`);
      makeChain(table, chain);
      return;
    case '-N':
      if (table.chains.has(chain)) throw refusal(`it stands already: ${line}`);
      makeChain(table, chain);
      return;
    case '-P':
      table.policies.set(chain, rest.split(' ', 1)[0] ?? '');
      return;
    case '-A':
      rulesOf(table, chain).push({ text: checked(table, rest), packets, bytes });
      return;
    case '-I': {
      const [, at = '1', rule = ''] = /^(?:(\d+) )?(.*)$/.exec(rest) ?? [];
      const rules = rulesOf(table, chain);
      if (Number(at) < 1 || Number(at) > rules.length + 1) throw refusal(`there is no such place: ${line}`);
      rules.splice(Number(at) - 1, 0, { text: checked(table, rule), packets, bytes });
      return;
    }
    case '-D': {
      const rules = rulesOf(table, chain);
      const at = rules.findIndex(({ text }) => isSame(text, rest));
      if (at < 0) throw refusal(`there is no such rule: ${line}`);
      rules.splice(at, 1);
      return;
    }
    case '-F':
      rulesOf(table, chain).length = 0;
      return;
    case '-X': {
      const isLedTo = Array.from(table.chains.values()).some((rules) =>
        rules.some(({ text }) => targetOf(text) === chain),
      );
      if (table.policies.has(chain) || isLedTo || rulesOf(table, chain).length > 0) {
        throw refusal(`the chain is in use: ${line}`);
      }
      table.chains.delete(chain);
      return;
    }
    default:
      throw refusal(`it cannot be read: ${line}`);
  }
}

function makeChain(table: Table, chain: string): void {
  if (chain.length > 28) throw refusal(`the name is too long: ${chain}`);
  table.chains.set(chain, []);
}

function rulesOf(table: Table, chain: string): Rule[] {
  const rules = table.chains.get(chain);
  if (rules === undefined) throw refusal(`there is no chain ${chain}`);
  return rules;
}

/** Refuses what the kernel or iptables refuse of the rules that banspool writes. */
function checked(table: Table, rule: string): string {
  const target = targetOf(rule);
  const isExtension = target !== undefined && /^[A-Z]+$/.test(target);
  if (target !== undefined && !isExtension && !table.chains.has(target)) {
    throw refusal(`there is no chain ${target}`);
  }
  const ports = /--dports (\S+)/.exec(rule)?.[1]?.split(/[,:]/) ?? [];
  if (ports.length > 15) throw refusal(`too many ports: ${rule}`);
  return rule;
}

function targetOf(rule: string): string | undefined {
  return /(?:^|.* )-[jg] (\S+)/.exec(rule.replace(/"(?:\\.|[^"\\])*"/g, '""'))?.[1];
}

function isSame(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

/** iptables prints quotes only where a word needs them. */
function plain(rule: string): string {
  return wordsOf(rule)
    .map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word))
    .join('\0');
}

function wordsOf(rule: string): readonly string[] {
  return rule.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
}

function refusal(why: string): BanspoolError {
  return new BanspoolError('command-failed', `the fake firewall refused: ${why}`);
}
