/** Finds who would have been banned of those who should not be: who is logged in, and who is allowed by now. Pure. */
import { contains, parseNet, type Net } from '../domain/net.ts';
import type { Policy } from '../policy/policy.ts';
import type { Different } from './replayed.ts';

/** Somebody who would have been banned. */
export type Endangered = { readonly ip: Net; readonly by: Net } & (
  | { readonly code: 'logged-in'; readonly who: string }
  | { readonly code: 'allowed'; readonly line: number; readonly note: string | undefined }
);

interface Circumstances {
  /** The one that is tried on, and the one that counts now. */
  readonly policy: Policy;
  readonly present: Policy;
  readonly sessions: readonly { readonly address: string; readonly who: string }[];
  readonly ownAddresses: readonly Net[];
  readonly now: number;
}

/** Each with one ban that is about it. */
export function endangeredBy(
  banned: readonly Different[],
  { policy, present, sessions, ownAddresses, now }: Circumstances,
): readonly Endangered[] {
  const allowed = [...policy.allow.filter(({ until }) => until > now).map(({ net }) => net), ...ownAddresses];
  /** What is allowed is let by, whatever is banned around it. */
  const banOf = (ip: Net): Net | undefined => {
    if (allowed.some((net) => contains(net, ip))) return undefined;
    return banned.find((each) => contains(each.ip, ip) || contains(ip, each.ip))?.ip;
  };
  const found: Endangered[] = [];
  for (const { address, who } of sessions) {
    const ip = parseNet(address);
    const by = ip === undefined ? undefined : banOf(ip);
    if (ip === undefined || by === undefined || found.some((each) => each.ip.text === ip.text)) continue;
    found.push({ code: 'logged-in', ip, by, who });
  }
  for (const { net: ip, line, note, until } of present.allow) {
    const by = until > now ? banOf(ip) : undefined;
    if (by !== undefined) found.push({ code: 'allowed', ip, by, line, note });
  }
  return found;
}

/** `198.51.100.0/24 would have been banned, and from 198.51.100.7 you are logged in`. */
export function endangeredText(each: Endangered): string {
  const { ip, by } = each;
  switch (each.code) {
    case 'logged-in':
      return `${by.text} would have been banned, and from ${ip.text} ${each.who}`;
    case 'allowed': {
      const note = each.note === undefined ? '' : ` (${each.note})`;
      return `${by.text} would have been banned, and the present policy allows ${ip.text}: policy.yaml line ${each.line}${note}`;
    }
  }
}
