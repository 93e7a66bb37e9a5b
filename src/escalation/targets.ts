/**
 * What a rule has to be held against where something was seen anew: each of these addresses, or each net that one of
 * them is in, with all that is remembered of it.
 */
import type { SeenRegion } from '../claims/seen/seen-region.ts';
import { allSeen, seenInside, type Seen } from '../claims/seen/seen-tree.ts';
import { widened, type Net } from '../domain/net.ts';
import type { EscalateRule } from '../policy/escalate-schema.ts';
import type { Target } from './which-count.ts';

/** From so many on, a look at all of the region costs less than to find each net by itself. */
const MANY = 64;

/** Those of one region, where these were seen anew. */
export function* targetsOf(
  rule: EscalateRule,
  anew: readonly Seen[],
  { tree }: SeenRegion,
): Generator<Target> {
  if (rule.counts !== 'addresses') {
    for (const seen of anew) yield { ip: seen.ip, seen: [seen] };
    return;
  }
  const narrow = anew.filter(({ ip }) => ip.prefix >= rule.net[ip.family]);
  const keys = new Map(narrow.map(({ ip }) => [keyOf(ip, rule), ip]));
  if (keys.size < MANY) {
    for (const ip of keys.values()) {
      const net = widened(ip, rule.net[ip.family]);
      yield { ip: net, seen: Array.from(seenInside(tree, net)) };
    }
    return;
  }
  for (const [key, seen] of byNet(allSeen(tree), rule)) {
    const ip = keys.get(key);
    if (ip !== undefined && seen.length >= rule.least) yield { ip: widened(ip, rule.net[ip.family]), seen };
  }
}

function byNet(all: Iterable<Seen>, rule: EscalateRule): ReadonlyMap<number | bigint, Seen[]> {
  const nets = new Map<number | bigint, Seen[]>();
  for (const seen of all) {
    const { ip } = seen;
    if (ip.prefix < rule.net[ip.family]) continue;
    const key = keyOf(ip, rule);
    const known = nets.get(key);
    if (known === undefined) nets.set(key, [seen]);
    else known.push(seen);
  }
  return nets;
}

/** The bits that all of a net have in common; a region is of one family. */
function keyOf({ family, bits }: Net, { net }: EscalateRule): number | bigint {
  return typeof bits === 'number' ? bits >> (32 - net[family]) : bits >> BigInt(128 - net[family]);
}
