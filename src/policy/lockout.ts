/** Who would be locked out: from where somebody is logged in must not come to be dropped unnoticed. */
import { contains, parseNet, type Net } from '../domain/net.ts';
import { droppedFor } from './dropped-claim.ts';
import type { Judgement } from './judge.ts';

/** What decides whether an address is dropped. */
type Dropping = Pick<Judgement, 'allowed' | 'deny' | 'enforced'>;

/** From where somebody is logged in, as text, and who that is. */
interface LoggedIn {
  readonly address: string;
  readonly who: string;
}

export interface Lockout {
  readonly ip: Net;
  /** `198.51.100.7, from which you are logged in`. */
  readonly text: string;
  /** What drops it: a network, and its line in policy.yaml where that denies it; or one that is dropped for a claim. */
  readonly by: { readonly net: Net; readonly line?: number; readonly dropped?: Net };
}

/** Addresses that `after` drops and `before` does not, each once. */
export function lockouts(
  sessions: readonly LoggedIn[],
  { before, after }: { readonly before?: Dropping; readonly after: Dropping },
): readonly Lockout[] {
  const found = new Map<string, Lockout>();
  for (const { address, who } of sessions) {
    const ip = parseNet(address);
    if (ip === undefined || found.has(ip.text)) continue;
    const by = whatDrops(ip, after);
    if (by === undefined || (before !== undefined && whatDrops(ip, before) !== undefined)) continue;
    found.set(ip.text, { ip, by, text: `${ip.text}, from which ${who}` });
  }
  return Array.from(found.values());
}

/** What is allowed is returned ahead of every drop. */
function whatDrops(ip: Net, { allowed, deny, enforced }: Dropping): Lockout['by'] | undefined {
  if (allowed.some(({ net }) => contains(net, ip))) return undefined;
  const denied = deny.find(({ net }) => contains(net, ip));
  if (denied !== undefined) return { net: denied.net, line: denied.line };
  const claim = enforced.find((each) => contains(droppedFor(each), ip));
  if (claim === undefined) return undefined;
  return { net: claim.ip, ...(claim.dropped !== undefined && { dropped: claim.dropped }) };
}
