/**
 * What a list bans: nets in canonical form, no two of which overlap or could be one, in parts by region. Made by a
 * TableBuilder. A table never changes; a part that is the same object as one of another table holds the same.
 */
import { FAMILIES, FULL_PREFIX, regionOf, type Family, type Net } from '../../domain/net.ts';
import { region6 } from './region6.ts';
import type { NetPart } from './net-part.ts';

/** By region, IPv4 in the order of addresses. */
export type NetParts = ReadonlyMap<string, NetPart>;

/** No net of a table is wider, so that each lies in one region, and no list bans a large part of the world at once. */
export const WIDEST = { ipv4: 8, ipv6: 16 } as const;

/** From there on all addresses of a net of IPv6 have one region. */
const SITE_PREFIX = 48;

export class NetTable {
  readonly #parts: Readonly<Record<Family, NetParts>>;

  constructor(parts: Readonly<Record<Family, NetParts>>) {
    this.#parts = parts;
  }

  /** By region: what src/desired calls Members. */
  parts(family: Family): NetParts {
    return this.#parts[family];
  }

  /** How many nets there are, of one family or of both. */
  size(family?: Family): number {
    let count = 0;
    for (const each of family === undefined ? FAMILIES : [family])
      for (const part of this.#parts[each].values()) count += part.size;
    return count;
  }

  /** Whether all addresses of the net are banned. */
  contains(net: Net): boolean {
    return this.find(net) !== undefined;
  }

  /** The net of the table that holds all of this one; none holds one that is wider than WIDEST. */
  find(net: Net): Net | undefined {
    const parts = this.#parts[net.family];
    const inside = parts.get(regionOf(net.family, net.text))?.around(net);
    if (inside !== undefined || typeof net.bits === 'number') return inside;
    // A net of IPv6 that is wider than a site may have another region than what lies inside.
    for (let prefix = Math.min(net.prefix, SITE_PREFIX) - 1; prefix >= WIDEST.ipv6; prefix -= 1) {
      const host = BigInt(FULL_PREFIX.ipv6 - prefix);
      const wider = parts.get(region6((net.bits >> host) << host))?.around(net);
      if (wider !== undefined) return wider;
    }
    return undefined;
  }

  /** All nets: IPv4 in order, then IPv6 by region. */
  *nets(): Generator<Net, undefined> {
    for (const family of FAMILIES) for (const part of this.#parts[family].values()) yield* part.nets();
    return undefined;
  }
}
