/**
 * What the enforced claims of one region (see regionOf) ask for, by jail. A portion never changes: where a region's
 * claims stay as they are the same object is handed on, and whatever was made of it is still good.
 */
import type { Part } from './members.ts';
import { FULL_PREFIX, regionOf, type Family, type Net } from '../domain/net.ts';

/** A claim that the policy lets count. */
export interface EnforcedClaim {
  readonly ip: Net;
  readonly jail: string;
  readonly ports: string;
  readonly protocols: string;
  /** Milliseconds since 1970; absent or Infinity for no end. */
  readonly until?: number;
}

/** By jail. */
export type Portion = ReadonlyMap<string, JailPortion>;

export interface JailPortion {
  readonly members: Part;
  /** Those of them that are no hosts: a net that is allowed may lie inside. */
  readonly wide: readonly Net[];
  /** `PROTOCOLS PORTS`, as claimed: thousands of claims share a handful. */
  readonly scopes: ReadonlySet<string>;
}

/** The portion of claims that are all of one region. */
export function portionOf(claims: Iterable<EnforcedClaim>): Portion {
  const portion = new Map<string, { members: Map<string, number>; wide: Net[]; scopes: Set<string> }>();
  for (const { ip, jail, ports, protocols, until = Infinity } of claims) {
    let own = portion.get(jail);
    if (own === undefined) {
      own = { members: new Map(), wide: [], scopes: new Set() };
      portion.set(jail, own);
    }
    const known = own.members.get(ip.text);
    // Of several claims the last to end counts.
    own.members.set(ip.text, known === undefined ? until : Math.max(known, until));
    if (known === undefined && ip.prefix < FULL_PREFIX[ip.family]) own.wide.push(ip);
    own.scopes.add(`${protocols} ${ports}`);
  }
  return portion;
}

/** The portions of one family, by region. */
export function portionsOf(claims: Iterable<EnforcedClaim>, family: Family): ReadonlyMap<string, Portion> {
  const byRegion = new Map<string, EnforcedClaim[]>();
  for (const each of claims) {
    if (each.ip.family !== family) continue;
    const region = regionOf(family, each.ip.text);
    const known = byRegion.get(region);
    if (known === undefined) byRegion.set(region, [each]);
    else known.push(each);
  }
  return new Map(Array.from(byRegion, ([region, all]) => [region, portionOf(all)]));
}
