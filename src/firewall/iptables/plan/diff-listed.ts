/** What has to be said to a set that was listed: a hundred thousand lines, and hardly ever one of them wrong. */
import { AddressTable } from '../../../domain/address-table.ts';
import { parseIpv4 } from '../../../domain/ipv4.ts';
import { parseNet, regionOf, type Family } from '../../../domain/net.ts';
import { textOf4 } from '../../../lists/text-of.ts';
import type { ListedMembers } from '../observed/listed-members.ts';
import { MemberLines } from '../rules/member-lines.ts';
import { MemberPart } from '../../../desired/member-part.ts';
import { countMembers, eachMember, type Members } from '../../../desired/members.ts';
import type { SetMember } from './change.ts';
import type { MemberDiff } from './diff-members.ts';
import { isTimeoutFit, timeoutFor } from './timeout.ts';

interface Listed {
  readonly family: Family;
  readonly members: ListedMembers;
  /** When it was listed, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * From what ipset listed. Undefined where a line says more than an address and its time, such as `nomatch`: what that
 * would need is not worth knowing, since the whole set can be made anew.
 */
export function diffListed({ family, members, at }: Listed, wanted: Members): MemberDiff | undefined {
  const { hosts, others } = members;
  const ends = tableOf(family, wanted);
  const removed: string[] = [];
  const refreshed: SetMember[] = [];
  let fit = 0;
  const look = (printed: string, left: number): void => {
    const found = findMember(printed, family, wanted);
    if (found === undefined) removed.push(printed);
    else fit += 1;
    if (found !== undefined && !isTimeoutFit(left, found.until, at))
      refreshed.push({ text: found.text, timeout: timeoutFor(found.until, at) });
  };
  for (let row = 0; row < hosts.addresses.length; row += 1) {
    const address = hosts.addresses[row] ?? 0;
    const left = hosts.left[row] ?? 0;
    const until = ends.get(address);
    if (until !== undefined && isTimeoutFit(left, until, at)) fit += 1;
    else look(textOf4(address >>> 0), left);
  }
  for (const line = new MemberLines(others); line.next();) {
    if (!line.isPlain) return undefined;
    look(line.text, line.left);
  }
  // What is missing is looked for only where the count says that something is.
  const added = fit === countMembers(wanted) ? [] : missingFrom({ family, members, at }, wanted);
  return { added, removed, refreshed };
}

function missingFrom({ family, members, at }: Listed, wanted: Members): readonly SetMember[] {
  const seen = new Set<string | undefined>();
  for (const address of members.hosts.addresses) seen.add(textOf4(address >>> 0));
  for (const line = new MemberLines(members.others); line.next();)
    seen.add(findMember(line.text, family, wanted)?.text);
  const added: SetMember[] = [];
  for (const [text, until] of eachMember(wanted))
    if (!seen.has(text)) added.push({ text, timeout: timeoutFor(until, at) });
  return added;
}

/** Of members that are held against one listing after the other, made once. */
const TABLES = new WeakMap<Members, AddressTable>();

/** Those that are one IPv4 address each, which is nearly all, with their ends. */
function tableOf(family: Family, members: Members): AddressTable {
  if (family === 'ipv6') return NO_ADDRESSES;
  const known = TABLES.get(members);
  if (known !== undefined) return known;
  const table = new AddressTable(countMembers(members));
  TABLES.set(members, table);
  for (const part of members.values()) {
    if (part instanceof MemberPart) {
      for (const [row, address] of part.addresses.entries()) table.set(address | 0, part.ends[row] ?? 0);
      continue;
    }
    for (const [text, until] of part) {
      const address = parseIpv4(text);
      if (address !== undefined) table.set(address, until);
    }
  }
  return table;
}

const NO_ADDRESSES = new AddressTable(0);

interface Found {
  readonly text: string;
  readonly until: number;
}

/** ipset prints some IPv6 addresses otherwise than RFC 5952 does: `::1.2.3.4`. */
function findMember(printed: string, family: Family, wanted: Members): Found | undefined {
  const until = wanted.get(regionOf(family, printed))?.get(printed);
  if (until !== undefined) return { text: printed, until };
  const text = parseNet(printed)?.text;
  if (text === undefined || text === printed) return undefined;
  const other = wanted.get(regionOf(family, text))?.get(text);
  return other === undefined ? undefined : { text, until: other };
}
