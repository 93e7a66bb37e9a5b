/** What has to be said to a plain set that was listed: a million lines, and hardly ever one of them wrong. */
import { parseNet, regionOf } from '../../../domain/net.ts';
import { countMembers, eachMember, type Members } from '../../../desired/members.ts';
import type { ListedMembers } from '../observed/listed-members.ts';
import type { SetMember } from './change.ts';
import type { MemberDiff } from './diff-members.ts';

/**
 * From what ipset listed, a net a line. Undefined where a line says more than that, such as `nomatch`: the whole set
 * can be made anew.
 */
export function diffPlain({ hosts, others: lines }: ListedMembers, wanted: Members): MemberDiff | undefined {
  if (hosts.addresses.length > 0) return undefined;
  const removed: string[] = [];
  let fit = 0;
  for (const printed of eachLine(lines)) {
    if (printed.includes(' ')) return undefined;
    if (find(printed, wanted) === undefined) removed.push(printed);
    else fit += 1;
  }
  // What is missing is looked for only where the count says that something is.
  const added = fit === countMembers(wanted) ? [] : missingFrom(lines, wanted);
  return { added, removed, refreshed: [] };
}

function missingFrom(lines: string, wanted: Members): readonly SetMember[] {
  const seen = new Set<string | undefined>();
  for (const printed of eachLine(lines)) seen.add(find(printed, wanted));
  const added: SetMember[] = [];
  for (const [text] of eachMember(wanted)) if (!seen.has(text)) added.push({ text, timeout: 0 });
  return added;
}

/** ipset prints some IPv6 addresses otherwise than RFC 5952 does: `::1.2.3.4`. */
function find(printed: string, wanted: Members): string | undefined {
  for (const text of printed.includes(':') ? [printed, parseNet(printed)?.text ?? printed] : [printed])
    if (wanted.get(regionOf(text.includes(':') ? 'ipv6' : 'ipv4', text))?.has(text) === true) return text;
  return undefined;
}

function* eachLine(lines: string): Generator<string, undefined> {
  for (let at = 0; at < lines.length;) {
    const found = lines.indexOf('\n', at);
    const end = found < 0 ? lines.length : found;
    if (end > at) yield lines.slice(at, end);
    at = end + 1;
  }
}
