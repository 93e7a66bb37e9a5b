/**
 * Sightings being added: what is touched is collected, and put into its region once. A server that has as many as it
 * may have adds none until older ones are forgotten, and takes no room of others.
 */
import { regionOf, type Net } from '../../domain/net.ts';
import { changeRegion, EMPTY_REGION, type SeenRegion, type SeenRegions } from './seen-region.ts';
import { hasRoomFor, seenOf, type Seen } from './seen-tree.ts';
import { joinSighting, joinUnbanOf, sizeOfTrail, type Sighting, type Trail } from './trail.ts';

/** Bans and unbans that are remembered of one server. */
export const MOST_OF_SERVER = 100_000;

export class SeenDraft {
  readonly #base: SeenRegions;
  readonly #most: number;
  /** By region, then by address. */
  readonly #changed = new Map<string, Map<string, Seen>>();
  readonly #sizes = new Map<string, number>();

  constructor(base: SeenRegions, most = MOST_OF_SERVER) {
    this.#base = base;
    this.#most = most;
  }

  addBan(key: Key, ban: Sighting): void {
    this.#change(key, (trail) => joinSighting(trail, ban));
  }

  addUnban(key: Key, time: number): void {
    this.#change(key, (trail) => joinUnbanOf(trail, time));
  }

  /** The regions; the same object where nothing was added. */
  finish(): SeenRegions {
    if (this.#changed.size === 0) return this.#base;
    const regions = new Map(this.#base);
    for (const [name, seen] of this.#changed)
      regions.set(name, changeRegion(regions.get(name) ?? EMPTY_REGION, Array.from(seen.values())));
    return regions;
  }

  #change(key: Key, change: (trail: Trail) => Trail): void {
    const { ip, server, jail } = key;
    const name = regionOf(ip.family, ip.text);
    const known = this.#seenOf(name, key);
    const old = known?.trails.find((each) => each.server === server && each.jail === jail);
    const trail = change(old ?? { ip, server, jail, bans: [], unbans: [] });
    if (trail === old) return;
    const more = sizeOfTrail(trail) - (old === undefined ? 0 : sizeOfTrail(old));
    const size = this.#sizeOf(server);
    if (more > 0 && (size >= this.#most || (known === undefined && !this.#hasRoom(name, ip)))) return;
    this.#sizes.set(server, size + more);
    const others = known?.trails.filter((each) => each !== old) ?? [];
    const changed = this.#changed.get(name) ?? new Map<string, Seen>();
    this.#changed.set(name, changed.set(ip.text, { ip, trails: [...others, trail] }));
  }

  #seenOf(name: string, { ip }: Key): Seen | undefined {
    const changed = this.#changed.get(name)?.get(ip.text);
    if (changed !== undefined) return changed;
    const region = this.#base.get(name);
    return region === undefined ? undefined : seenOf(region.tree, ip);
  }

  /** By what was there before: one pass reads a bounded part of what waits. */
  #hasRoom(name: string, ip: Net): boolean {
    const region = this.#base.get(name);
    return region === undefined || hasRoomFor(region.tree, ip);
  }

  #sizeOf(server: string): number {
    const known = this.#sizes.get(server);
    if (known !== undefined) return known;
    return sizesOf(this.#base.values(), server);
  }
}

type Key = Pick<Trail, 'ip' | 'server' | 'jail'>;

function sizesOf(regions: Iterable<SeenRegion>, server: string): number {
  let sum = 0;
  for (const { sizes } of regions) sum += sizes.get(server) ?? 0;
  return sum;
}
