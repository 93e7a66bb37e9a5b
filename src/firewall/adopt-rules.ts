/** What stands on the firewall becomes claims at the first start, so that moving over opens no gap. */
import type { BanIntent } from '../intent/intent.ts';
import { ADOPTED } from '../domain/names.ts';
import type { Family } from '../domain/net.ts';
import { HEAD_START_MS, LATE, withPatience } from '../system/patience.ts';
import type { SentIntent } from '../claims/fold.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import { FIRST_PATIENCE_MS, patienceAfter } from './family-patience.ts';
import type { Adoptable } from './dataplane.ts';
import { openDataplane } from './open-dataplane.ts';
import type { World } from '../world/world.ts';

type Adopting = Pick<World, 'config'>;

export interface Adoption {
  readonly sent: readonly SentIntent[];
  /** Families that could not be read, and why: until their bans are adopted they would be taken for strays. */
  readonly pending: ReadonlyMap<Family, unknown>;
}

export interface AdoptRulesOptions {
  readonly families: readonly Family[];
  readonly now: number;
  /** How long reading each family took so far, in milliseconds: noted here. */
  readonly took?: Map<Family, number>;
  /** Families that are being read, perhaps since an earlier pass that lost patience: noted here. */
  readonly adopting?: Set<Family>;
}

/** Reads the families, each on its own: one that fails, or hangs, holds up none of the others for long. */
export async function adoptRules(
  world: Adopting,
  tools: Tools,
  { families, now, took = new Map(), adopting = new Set() }: AdoptRulesOptions,
): Promise<Adoption> {
  const running = new Map<Family, Promise<readonly BanIntent[]>>();
  for (const family of families) {
    const reading = readNoting(() => readAdoptable(world, tools, { family, now }), {
      family,
      took,
      adopting,
    });
    running.set(family, reading);
    await withPatience(reading, HEAD_START_MS).catch(() => undefined);
  }
  const all = Promise.allSettled(running.values());
  // The first family has the long patience; the others have then as long as any family was seen to need.
  await withPatience(Promise.any(running.values()), FIRST_PATIENCE_MS).catch(() => undefined);
  const longest = Math.max(...families.map((family) => took.get(family) ?? 0));
  await withPatience(all, patienceAfter(longest));
  return collect(running);
}

interface Noting {
  readonly family: Family;
  readonly took: Map<Family, number>;
  readonly adopting: Set<Family>;
}

/** Reads a family, and notes that it is being read until it ends, and how long it took where it succeeds. */
async function readNoting<T>(read: () => Promise<T>, { family, took, adopting }: Noting): Promise<T> {
  adopting.add(family);
  const startedAt = performance.now();
  try {
    const found = await read();
    took.set(family, Math.max(took.get(family) ?? 0, performance.now() - startedAt));
    return found;
  } finally {
    adopting.delete(family);
  }
}

/** What has been read by now; a family that is still being read, or failed, is pending. */
async function collect(running: ReadonlyMap<Family, Promise<readonly BanIntent[]>>): Promise<Adoption> {
  const sent: SentIntent[] = [];
  const pending = new Map<Family, unknown>();
  for (const [family, reading] of running) {
    try {
      const bans = await withPatience(reading, 0);
      if (bans === LATE) throw new Error(`iptables did not finish; the pass continues without it`);
      // One by one: as arguments of one call, over a hundred thousand overflow the stack.
      for (const intent of bans) sent.push({ server: ADOPTED, intent });
    } catch (error) {
      pending.set(family, error);
    }
  }
  return { sent, pending };
}

async function readAdoptable(
  world: Adopting,
  tools: Tools,
  options: ReadBansOptions,
): Promise<readonly BanIntent[]> {
  const { bans, obstacle } = await readBans(world, tools, options);
  if (obstacle !== undefined) throw obstacle;
  return bans;
}

interface ReadBansOptions {
  readonly family: Family;
  readonly now: number;
}

/** The bans that stand there, and what is in the way of taking them over. */
export async function readBans(
  { config }: Adopting,
  tools: Tools,
  { family, now }: ReadBansOptions,
): Promise<Adoptable> {
  const dataplane = openDataplane({ config, now: () => now }, tools, family);
  return dataplane.adoptable(await dataplane.read());
}
