/** Bans in the forms of `list`: for people a table and a wide one, for programs lines of fields and CSV. */
import type { Drops } from '../../firewall/drops.ts';
import { UNPRINTABLE } from '../../domain/printable.ts';
import {
  agoText,
  countText,
  inText,
  minuteText,
  numberText,
  portsText,
  type Zone,
} from '../../domain/words.ts';
import { isoTime } from '../../yaml/time.ts';
import { csv } from './csv.ts';
import { cutEnd, cutList, fitTable, type Column } from './fit-table.ts';
import { sinceOf, untilOf, type Ban, type DropsOf } from './list-bans.ts';
import type { Sort } from './select-bans.ts';

interface Telling {
  readonly dropsOf: DropsOf;
  readonly now: number;
  /** Of dates; undefined: how long ago, and in what time. */
  readonly zone: Zone | undefined;
}

/** Their order in which they are left out; what they are sorted by stays. */
const TABLE: readonly (Column & { readonly sort?: Sort })[] = [
  { head: 'ADDRESS', need: undefined },
  { head: 'JAIL', need: 5, least: 12 },
  { head: 'PORTS', need: 1, least: 12, cut: cutPorts },
  { head: 'SERVERS', need: 4, least: 12, cut: cutList },
  { head: 'SINCE', need: 2, sort: 'since' },
  { head: 'UNTIL', need: 6, sort: 'until' },
  { head: 'PACKETS', need: 3, isNumber: true, sort: 'packets' },
];

interface Table extends Telling {
  readonly sort: Sort;
  /** Undefined: as wide as it is. */
  readonly width: number | undefined;
}

/** Lines of the table, the head first. */
export function banTable(bans: readonly Ban[], { sort, width, ...telling }: Table): readonly string[] {
  const columns = TABLE.map((column) => (column.sort === sort ? { ...column, need: 7 } : column));
  const rows = bans.map((ban) => cellsOf(ban, telling));
  return fitTable(columns, rows, width);
}

/** The same with all there is to tell, however wide that is. */
export function wideTable(bans: readonly Ban[], telling: Telling): readonly string[] {
  const more: readonly Column[] = [
    { head: 'BYTES', need: undefined, isNumber: true },
    { head: 'FAILURES', need: undefined, isNumber: true },
    { head: 'REASON', need: undefined },
  ];
  const rows = bans.map((ban) => {
    const { failures, reason } = saidOf(ban);
    return [
      ...cellsOf(ban, telling),
      ...[numberOrDash(telling.dropsOf(ban)?.bytes), numberOrDash(failures), reason ?? '-'],
    ];
  });
  return fitTable([...TABLE, ...more], rows);
}

function cellsOf(ban: Ban, { dropsOf, now, zone }: Telling): readonly string[] {
  const { net, dropped, jail, protocol, ports, claims } = ban;
  const [since, until] = [sinceOf(ban), untilOf(ban)];
  return [
    dropped === net ? net.text : `${net.text} (/${dropped.prefix})`,
    ...[jail, portsText(protocol, ports), claims.map(({ server }) => server).join(', ')],
    since === undefined ? '-' : zone === undefined ? agoText(since, now) : minuteText(since, zone),
    until === Infinity ? 'until unbanned' : zone === undefined ? inText(until, now) : minuteText(until, zone),
    numberOrDash(dropsOf(ban)?.packets),
  ];
}

function numberOrDash(count: number | undefined): string {
  return count === undefined ? '-' : numberText(count);
}

/** `1001,1003,…`: no part of a number, which would be another port. */
function cutPorts(text: string, width: number): string {
  const kept = text.slice(0, width - 1).replace(/[^,]*$/, '');
  return kept === '' ? cutEnd(text, width) : `${kept}…`;
}

/** What servers say of it, all together. */
function saidOf({ claims }: Ban): {
  readonly failures: number | undefined;
  readonly reason: string | undefined;
} {
  const counts = claims.flatMap(({ failures }) => failures ?? []);
  const reasons = new Set(claims.flatMap(({ reason }) => reason?.replace(UNPRINTABLE, ' ') ?? []));
  return {
    failures: counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count),
    reason: reasons.size === 0 ? undefined : [...reasons].join('; '),
  };
}

/** Ten fields without blanks, and a tab between them; times in UTC, and `-` for what is not known or has no end. */
export function plainLines(bans: readonly Ban[], dropsOf: DropsOf): readonly string[] {
  return bans.map((ban) => {
    const { net, dropped, jail, protocol, ports } = ban;
    const fields = [net.text, jail, protocol, ports, ...fieldsOf(ban, dropsOf(ban), ','), dropped.text];
    return fields.map((field) => (field === '' ? '-' : field)).join('\t');
  });
}

/** With a head; what is not known, or has no end, is empty. */
export function banCsv(bans: readonly Ban[], dropsOf: DropsOf): string {
  const head = ['address', 'family', 'jail', 'protocol', 'ports', 'servers', 'since', 'until'];
  const rows = bans.map((ban) => {
    const { net, dropped, jail, protocol, ports } = ban;
    const { failures, reason } = saidOf(ban);
    const said = [failures === undefined ? '' : String(failures), reason ?? '', dropped.text];
    return [net.text, net.family, jail, protocol, ports, ...fieldsOf(ban, dropsOf(ban), ' '), ...said];
  });
  return csv([...head, 'packets', 'bytes', 'failures', 'reason', 'dropped'], rows);
}

/** Servers, since, until, packets, bytes. */
function fieldsOf(ban: Ban, drops: Drops | undefined, between: string): readonly string[] {
  const [since, until] = [sinceOf(ban), untilOf(ban)];
  return [
    ban.claims.map(({ server }) => server).join(between),
    since === undefined ? '' : isoTime(since),
    until === Infinity ? '' : isoTime(until),
    ...[drops?.packets, drops?.bytes].map((count) => (count === undefined ? '' : String(count))),
  ];
}

/** `3,285 bans of 3,102 addresses: 3,000 ipv4, 285 ipv6; by web1 1,200, web2 900`; lines no wider than that. */
export function totalLines(
  bans: readonly Ban[],
  { shown, width }: { readonly shown: number; readonly width: number },
): readonly string[] {
  const addresses = new Set(bans.map(({ net }) => net.text)).size;
  const families = counted(bans.map(({ net }) => net.family)).map(([name, n]) => `${numberText(n)} ${name}`);
  const servers = counted(bans.flatMap(({ claims }) => claims.map(({ server }) => server)));
  // The name of the last one is no longer than to say that there is one more.
  const shownServers = servers.length === MAX_SERVERS + 1 ? servers : servers.slice(0, MAX_SERVERS);
  const named = shownServers.map(([name, n]) => `${name} ${numberText(n)}`);
  const others = servers.length - named.length;
  const text = [
    `${countText(bans.length, 'ban')} of ${countText(addresses, 'address', 'addresses')}: ${families.join(', ')}`,
    `by ${named.join(', ')}${others > 0 ? ` and ${countText(others, 'more server')}` : ''}`,
    ...(shown < bans.length ? [`${numberText(bans.length - shown)} more left out by --limit`] : []),
  ].join('; ');
  return wrapped(text, width);
}

/** Servers that the totals name. */
const MAX_SERVERS = 5;

/** How often each stands there, the most frequent first. */
function counted(names: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(cutEnd(word, width));
  }
  return lines;
}
