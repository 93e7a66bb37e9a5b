/** What stands on the firewall becomes claims: at the first start, so that moving over opens no gap, and for a lost file. */
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { BanIntent } from '../intent/intent.ts';
import { ADOPTED } from '../names/names.ts';
import type { Family, Net } from '../net/net.ts';
import { adopt, type Standing } from '../observed/adopt.ts';
import type { Said } from '../state/fold.ts';
import { formerShardOf, shardOf } from '../state/state.ts';
import type { Firewall } from '../system/iptables.ts';
import type { Inputs } from './load-inputs.ts';
import { look } from './look.ts';
import type { Memory } from './memory.ts';
import { notAdoptable } from './not-adoptable.ts';
import type { World } from './world.ts';

interface Adopting {
  readonly config: Pick<Config, 'chainPrefix'>;
}

export interface AdoptOptions {
  readonly inputs: Pick<Inputs, 'mayLack'>;
  readonly firewall: Firewall;
  readonly now: number;
}

/** Before anything was enforced: the bans that a file may be lost of. */
export async function adoptUnfiled(
  world: Pick<World, 'config' | 'files'>,
  { enforced }: Pick<Memory, 'enforced'>,
  { inputs, firewall, now }: AdoptOptions,
): Promise<readonly Said[]> {
  // Later on it would be what another program put there.
  return inputs.mayLack && enforced.size === 0 ? standingUnfiled(world, firewall, now) : [];
}

export interface Adoption {
  readonly said: readonly Said[];
  /** Families that could not be read, and why: until their bans are adopted they would be taken for strays. */
  readonly pending: ReadonlyMap<Family, unknown>;
}

/** Reads the families, each on its own. */
export async function adoptRules(
  { config }: Adopting,
  firewall: Firewall,
  { families, now }: { readonly families: readonly Family[]; readonly now: number },
): Promise<Adoption> {
  const said: Said[] = [];
  const pending = new Map<Family, unknown>();
  for (const family of families) {
    try {
      // One by one: as arguments of one call, over a hundred thousand overflow the stack.
      const standing = await readBans(firewall, { family, prefix: config.chainPrefix, now });
      if (standing.others.length > 0) throw notAdoptable(family, standing.others);
      for (const intent of standing.bans) said.push({ server: ADOPTED, intent });
    } catch (error) {
      pending.set(family, error);
    }
  }
  return { said, pending };
}

/** The bans whose file of claims is not there. A family that cannot be read cannot be changed either. */
async function standingUnfiled(
  { config, files }: Pick<World, 'config' | 'files'>,
  firewall: Firewall,
  now: number,
): Promise<readonly Said[]> {
  const filed = new Map<string, boolean>();
  const isFiled = (ip: Net): boolean => {
    const [shard, former] = [shardOf(ip), formerShardOf(ip)];
    const known = filed.get(`${shard} ${former}`);
    if (known !== undefined) return known;
    const paths = [shard, former].map((name) => join(config.state, `claims/${name}.yaml`));
    const found = paths.some((path) => files.stamp(path) !== undefined);
    filed.set(`${shard} ${former}`, found);
    return found;
  };
  const said: Said[] = [];
  for (const family of config.families) {
    const options = { family, prefix: config.chainPrefix, now };
    const bans = await readBans(firewall, options).then(
      (standing) => standing.bans,
      (): readonly BanIntent[] => [],
    );
    for (const intent of bans) if (!isFiled(intent.ip)) said.push({ server: ADOPTED, intent });
  }
  return said;
}

async function readBans(
  firewall: Firewall,
  { family, prefix, now }: { family: Family; prefix: string; now: number },
): Promise<Standing> {
  const { observed } = await look(firewall, { family, prefix, now: () => now });
  return adopt(observed, { prefix, now });
}
