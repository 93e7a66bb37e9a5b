/** Connections as `conntrack -L` lists them. */
import { contains, FULL_PREFIX, parseNet, type Net } from '../domain/net.ts';

/**
 * Where an address stands that sends packets of a flow: who began it is its source, who answers the source of
 * replies.
 */
interface FlowEnd {
  readonly side: 'source' | 'reply-source';
  readonly ip: string;
}

export interface Judging {
  /** Addresses and networks, as text. */
  readonly dropped: ReadonlySet<string>;
  readonly allowed: readonly Net[];
}

/** The ends of the listed flows that are dropped, each once: what one of them sends is what the rules would drop. */
export function droppedEnds(listing: string, { dropped, allowed }: Judging): readonly FlowEnd[] {
  const nets = Array.from(dropped).flatMap((text) => {
    const net = parseNet(text);
    return net !== undefined && net.prefix < FULL_PREFIX[net.family] ? [net] : [];
  });
  const ends = new Map<string, FlowEnd>();
  const judged = new Map<string, boolean>();
  const isDropped = (text: string): boolean => {
    const known = judged.get(text);
    if (known !== undefined) return known;
    const ip = parseNet(text);
    const isIn = (all: readonly Net[]): boolean => ip !== undefined && all.some((net) => contains(net, ip));
    const verdict = ip !== undefined && (dropped.has(ip.text) || isIn(nets)) && !isIn(allowed);
    judged.set(text, verdict);
    return verdict;
  };
  for (const line of listing.split('\n')) {
    const sources = Array.from(line.matchAll(/ src=(\S+)/g), ([, ip = '']) => ip);
    for (const [index, side] of (['source', 'reply-source'] as const).entries()) {
      const ip = sources[index];
      if (ip !== undefined && isDropped(ip)) ends.set(`${side} ${ip}`, { side, ip });
    }
  }
  return [...ends.values()];
}
