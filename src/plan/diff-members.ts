/** What has to be said to a set so that it holds what it should. */
import { countMembers, eachMember, type Members, type Part } from '../netfilter/members.ts';
import { parseNet, regionOf, type Family } from '../net/net.ts';
import type { SetMember } from './change.ts';
import { isTimeoutFit, timeoutFor } from './timeout.ts';

export interface MemberDiff {
  readonly added: readonly SetMember[];
  readonly removed: readonly string[];
  readonly refreshed: readonly SetMember[];
}

/** From one known content to another: parts that are the same object are not looked at. */
export function diffMembers(before: Members, after: Members, now: number): MemberDiff {
  const added: SetMember[] = [];
  const removed: string[] = [];
  const refreshed: SetMember[] = [];
  for (const region of new Set([...before.keys(), ...after.keys()])) {
    const [old, young] = [before.get(region) ?? EMPTY, after.get(region) ?? EMPTY];
    if (old === young) continue;
    for (const text of old.keys()) if (!young.has(text)) removed.push(text);
    for (const [text, until] of young) {
      const known = old.get(text);
      if (known === until) continue;
      (known === undefined ? added : refreshed).push({ text, timeout: timeoutFor(until, now) });
    }
  }
  return { added, removed, refreshed };
}

const EMPTY: Part = new Map();

export interface Listed {
  readonly family: Family;
  /** `ADDRESS timeout SECONDS`, a line a member, as ipset lists them. */
  readonly lines: string;
  /** When it was listed, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * From what ipset listed. Undefined where a line says more than an address and its time, such as `nomatch`: what that
 * would need is not worth knowing, since the whole set can be made anew.
 */
export function diffListed({ family, lines, at }: Listed, wanted: Members): MemberDiff | undefined {
  const removed: string[] = [];
  const refreshed: SetMember[] = [];
  // A hundred thousand are nearly always all right: what is missing is looked for only where the count says so.
  const seen = new Set<string>();
  let fit = 0;
  for (let start = 0; start < lines.length;) {
    const lineEnd = lines.indexOf('\n', start);
    const end = lineEnd < 0 ? lines.length : lineEnd;
    const gap = lines.indexOf(' ', start);
    if (end > start) {
      if (gap < 0 || gap > end || !lines.startsWith(TIMEOUT, gap)) return undefined;
      const left = Number(lines.slice(gap + TIMEOUT.length, end));
      if (Number.isNaN(left)) return undefined;
      const text = lines.slice(start, gap);
      const found = findMember(text, family, wanted);
      if (found === undefined) removed.push(text);
      else {
        fit += 1;
        if (!isTimeoutFit(left, found.until, at))
          refreshed.push({ text: found.text, timeout: timeoutFor(found.until, at) });
      }
    }
    start = end + 1;
  }
  if (fit === countMembers(wanted)) return { added: [], removed, refreshed };
  for (const line of lines.split('\n')) {
    const found = findMember(line.split(' ', 1)[0] ?? '', family, wanted);
    if (found !== undefined) seen.add(found.text);
  }
  const added: SetMember[] = [];
  for (const [text, until] of eachMember(wanted))
    if (!seen.has(text)) added.push({ text, timeout: timeoutFor(until, at) });
  return { added, removed, refreshed };
}

const TIMEOUT = ' timeout ';

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
