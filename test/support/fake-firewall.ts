/**
 * A filter table of each family in memory, with as much of iptables as banspool has to do with: it prints `-S -v` and
 * takes the restore texts that apply writes, all of a text or nothing. The contract in test/contract is kept by this
 * and by the real ones.
 */
import type { Tools } from '../../src/system/firewall/iptables.ts';
import type { Family } from '../../src/domain/net.ts';
import type { Variant } from '../../src/domain/variant.ts';
import { FakeSets } from './fake-sets.ts';
import {
  changeTable,
  copyOf,
  emptyTable,
  isSame,
  linesOf,
  print,
  RAW,
  refusal,
  restoreLines,
  rulesOf,
  type Table,
} from './fake-table.ts';

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
  readonly #raws = { ipv4: emptyTable(RAW), ipv6: emptyTable(RAW) };

  constructor(variant: Variant = 'nft') {
    this.variant = variant;
  }

  readonly list = async (family: Family): Promise<string> => {
    await this.hang;
    return [...this.noise, ...print(this.#tables[family], true), ''].join('\n');
  };

  readonly listRaw = async (family: Family): Promise<string> => {
    await this.hang;
    return [...print(this.#raws[family], true), ''].join('\n');
  };

  readonly restore = async (family: Family, text: string): Promise<void> => {
    await this.hang;
    const hook = this.beforeRestore;
    this.beforeRestore = undefined;
    hook?.();
    const fails = this.failNextRestore || this.failAllRestores;
    this.failNextRestore = false;
    if (fails) throw refusal('made to fail');
    const [tables, lines] = text.startsWith('*raw\n')
      ? [this.#raws, restoreLines(text, '*raw')]
      : [this.#tables, restoreLines(text, '*filter')];
    this.#change(tables, family, lines);
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
    this.#change(this.#tables, family, linesOf(lines));
  }

  /** The same of the table raw. */
  editRaw(family: Family, ...lines: readonly string[]): void {
    this.#change(this.#raws, family, linesOf(lines));
  }

  /** Gives the counters of a rule the values that so many packets of 60 bytes leave. */
  count(family: Family, line: string, packets: number): void {
    const [, chain = '', text = ''] = /^-A (\S+) (.*)$/.exec(line) ?? [];
    const table = [this.#tables[family], this.#raws[family]].find(({ chains }) => chains.has(chain));
    const rule = table && rulesOf(table, chain).find((each) => isSame(each.text, text));
    if (rule === undefined) throw new Error(`no such rule: ${line}`);
    rule.packets = packets;
    rule.bytes = packets * 60;
  }

  /** The lines of `-S`, without counters. */
  lines(family: Family): readonly string[] {
    return print(this.#tables[family], false);
  }

  /** The same of the table raw. */
  rawLines(family: Family): readonly string[] {
    return print(this.#raws[family], false);
  }

  #countReferences(set: string): number {
    return (['ipv4', 'ipv6'] as const)
      .flatMap((family) => [...this.#tables[family].chains.values(), ...this.#raws[family].chains.values()])
      .flat()
      .filter(({ text }) => text.includes(` --match-set ${set} `)).length;
  }

  #change(tables: Record<Family, Table>, family: Family, lines: readonly string[]): void {
    const table = copyOf(tables[family]);
    for (const line of lines) {
      const set = / --match-set (\S+) /.exec(line)?.[1];
      if (set !== undefined && !line.startsWith('-D') && !this.sets.has(set))
        throw refusal(`the set ${set} does not exist`);
      changeTable(table, line);
    }
    tables[family] = table;
  }
}
