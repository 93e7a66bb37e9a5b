/** One table of the fake firewall: what iptables makes of lines, and refuses of them. */
import { BanspoolError } from '../../src/system/error.ts';

interface FakeRule {
  readonly text: string;
  packets: number;
  bytes: number;
}

export interface Table {
  readonly policies: Map<string, string>;
  readonly chains: Map<string, FakeRule[]>;
}

const FILTER = ['INPUT', 'FORWARD', 'OUTPUT'];
export const RAW = ['PREROUTING', 'OUTPUT'];

export function linesOf(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
}

export function emptyTable(builtIn = FILTER): Table {
  return {
    policies: new Map(builtIn.map((chain) => [chain, 'ACCEPT'])),
    chains: new Map(builtIn.map((chain) => [chain, []])),
  };
}

export function copyOf({ policies, chains }: Table): Table {
  return {
    policies: new Map(policies),
    chains: new Map(Array.from(chains, ([name, rules]) => [name, rules.map((rule) => ({ ...rule }))])),
  };
}

export function print({ policies, chains }: Table, counters: boolean): string[] {
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
function withCounters({ text, packets, bytes }: FakeRule): string {
  const words = wordsOf(text);
  const at = words.findLastIndex((word) => word === '-j' || word === '-g');
  const place = at < 0 ? words.length : at;
  return [...words.slice(0, place), '-c', packets, bytes, ...words.slice(place)].join(' ');
}

export function restoreLines(text: string, first: string): readonly string[] {
  const lines = text.split('\n');
  if (lines[0] !== first || lines.at(-2) !== 'COMMIT' || lines.at(-1) !== '') {
    throw refusal('not one transaction of one table');
  }
  return lines.slice(1, -2);
}

/** One line of what iptables-restore reads, or of what `-S` prints. */
export function changeTable(table: Table, line: string): void {
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

export function rulesOf(table: Table, chain: string): FakeRule[] {
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

export function isSame(a: string, b: string): boolean {
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

export function refusal(why: string): BanspoolError {
  return new BanspoolError('command-failed', `the fake firewall refused: ${why}`);
}
