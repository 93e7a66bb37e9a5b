/**
 * What members of sets count: read from a listing, and kept from then on for the few that count anything, in as little
 * as that takes.
 */
import { parseNet, regionOf } from '../../../domain/net.ts';
import type { Drops } from '../../drops.ts';
import { textOf4 } from '../../../lists/text-of.ts';
import { MemberLines } from '../rules/member-lines.ts';
import type { ListedHosts, ListedMembers } from './listed-members.ts';
import type { ObservedSet } from './observe-sets.ts';

interface MemberCount extends Drops {
  /** Address or network, in its canonical text. */
  readonly text: string;
}

/** Each member that counted anything and is still there. */
export function* memberCounts({ content }: Pick<ObservedSet, 'content'>): Generator<MemberCount> {
  if (content.kind === 'listed') yield* countsIn(content.members);
  if (content.kind !== 'settled') return;
  const { members, counts } = content;
  for (const line of eachLine(counts)) {
    const [text = '', packets, bytes] = line.split(' ');
    const family = text.includes(':') ? 'ipv6' : 'ipv4';
    if (members.get(regionOf(family, text))?.has(text) === true)
      yield { text, packets: Number(packets), bytes: Number(bytes) };
  }
}

/** Lines of what {@link memberCounts} finds in a listing; of others those that they have. */
export function keptCounts(set: Pick<ObservedSet, 'content'> | undefined): string {
  const content = set?.content;
  if (content?.kind === 'settled') return content.counts;
  return content?.kind === 'listed' ? Array.from(countsIn(content.members), countLine).join('') : '';
}

/** `ADDRESS PACKETS BYTES`. */
export function countLine({ text, packets, bytes }: MemberCount): string {
  return `${text} ${packets} ${bytes}\n`;
}

function* countsIn({ hosts, others }: ListedMembers): Generator<MemberCount> {
  yield* countsOfHosts(hosts);
  yield* countsInLines(others);
}

function* countsOfHosts({ addresses, counts }: ListedHosts): Generator<MemberCount> {
  if (counts === undefined) return;
  for (const [row, packets] of counts.packets.entries())
    if (packets > 0)
      yield { text: textOf4((addresses[row] ?? 0) >>> 0), packets, bytes: counts.bytes[row] ?? 0 };
}

/** Nearly none do: the others are passed over without being read. */
const COUNTING = / packets [1-9]/g;

function* countsInLines(lines: string): Generator<MemberCount> {
  for (const { index } of lines.matchAll(COUNTING)) {
    const end = lines.indexOf('\n', index);
    const line = new MemberLines(
      lines.slice(lines.lastIndexOf('\n', index) + 1, end < 0 ? lines.length : end),
    );
    if (!line.next()) continue;
    const { text, packets, bytes } = line;
    // ipset prints some IPv6 addresses otherwise than RFC 5952 does.
    yield { text: text.includes(':') ? (parseNet(text)?.text ?? text) : text, packets, bytes };
  }
}

function* eachLine(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    yield text.slice(at, end);
    at = end + 1;
  }
}
