/**
 * What one jail, or the deny list, should bring about: who is dropped, of which traffic, and who is let by all the
 * same.
 */
import { compareNets, contains, type Family, type Net } from '../domain/net.ts';
import type { ConcludedList } from './conclude-lists.ts';
import type { Members, Part } from './members.ts';
import type { JailPortion } from './portion.ts';
import { trafficOf, type Traffic } from './traffic.ts';

export interface DesiredJail {
  readonly members: Members;
  /** What of their packets is dropped. */
  readonly traffic: Traffic;
  /** Nets inside of members, in order: no packet of theirs is dropped. */
  readonly allowed: readonly Net[];
  /** What it was made of, by region. */
  readonly portions: ReadonlyMap<string, JailPortion>;
  /** Of all of them. */
  readonly scopes: ReadonlySet<string>;
}

/**
 * Makes the jail of these portions; of the nets that are allowed anywhere it keeps those that lie inside of a member.
 * What did not change since `before`, which was made with the same allowed nets, are the same objects.
 */
export function desireJail(
  portions: ReadonlyMap<string, JailPortion>,
  allowed: readonly Net[],
  before?: DesiredJail,
): DesiredJail {
  const members = new Map<string, Part>();
  for (const [region, portion] of portions) members.set(region, portion.members);
  if (before !== undefined && hasHostsAlone(before, portions)) return { ...before, members, portions };
  const scopes = scopesOf(portions);
  return { members, traffic: trafficOf(scopes), allowed: allowedInside(portions, allowed), portions, scopes };
}

/** True where nothing but hosts came and went, and the scopes are the same. */
function hasHostsAlone({ portions, scopes }: DesiredJail, after: DesiredJail['portions']): boolean {
  let left = portions.size;
  for (const [region, portion] of after) {
    const old = portions.get(region);
    if (old !== undefined) left -= 1;
    if (old === portion) continue;
    if (portion.wide.length > 0 || (old?.wide.length ?? 0) > 0) return false;
    for (const scope of portion.scopes) if (!scopes.has(scope)) return false;
    for (const scope of old?.scopes ?? []) if (!portion.scopes.has(scope)) return false;
  }
  return left === 0;
}

/** Makes what a list asks of one family: all traffic of its nets. */
export function desireList({ table, allowed }: ConcludedList, family: Family): DesiredJail {
  return {
    members: table.parts(family),
    traffic: ALL_TRAFFIC,
    allowed: allowed.filter((net) => net.family === family),
    portions: NO_PORTIONS,
    scopes: ALL_SCOPES,
  };
}

/** Protocols, and ports. */
const ALL = 'all';

const ALL_SCOPES: ReadonlySet<string> = new Set([[ALL, ALL].join(' ')]);
const ALL_TRAFFIC = trafficOf(ALL_SCOPES);
const NO_PORTIONS: DesiredJail['portions'] = new Map();

/** Each once, and none that lies inside of another. */
function allowedInside(portions: ReadonlyMap<string, JailPortion>, allowed: readonly Net[]): readonly Net[] {
  const wide = Array.from(portions.values()).flatMap((portion) => portion.wide);
  const inside = allowed.filter((each) => wide.some((net) => contains(net, each)));
  const outermost = inside.filter(
    (each) => !inside.some((other) => other.text !== each.text && contains(other, each)),
  );
  return [...new Map([...outermost].sort(compareNets).map((net) => [net.text, net])).values()];
}

function scopesOf(portions: ReadonlyMap<string, JailPortion>): ReadonlySet<string> {
  const scopes = new Set<string>();
  for (const portion of portions.values()) for (const scope of portion.scopes) scopes.add(scope);
  return scopes;
}
