/**
 * Says the bans that stand on the firewall without a file of claims, while git cannot tell whether such files are lost:
 * so no ban ends for a lost file. It does so only until this process has enforced something: what stands without a
 * claim later was put there by another program.
 */
import { join } from 'node:path';
import type { BanIntent } from '../intent/intent.ts';
import { ADOPTED } from '../domain/names.ts';
import type { Net } from '../domain/net.ts';
import type { SentIntent } from '../claims/fold.ts';
import { formerShardOf, shardOf } from '../claims/state.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import { readBans } from '../firewall/adopt-rules.ts';
import type { Firewall } from '../firewall/firewall.ts';
import type { World } from '../world/world.ts';
import type { Look, Source } from './source.ts';

type Needs = Pick<World, 'config' | 'files'>;

export class UnfiledRules implements Source {
  readonly #world: Needs;
  readonly #firewall: Pick<Firewall, 'hasEnforced'>;

  constructor(world: Needs, firewall: Pick<Firewall, 'hasEnforced'>) {
    this.#world = world;
    this.#firewall = firewall;
  }

  readonly say = async ({ tools, mayLack, now }: Look): Promise<readonly SentIntent[]> =>
    tools === undefined || !mayLack || this.#firewall.hasEnforced || this.#isObserving
      ? []
      : findUnfiled(this.#world, tools, now);

  /** What stands is taken over by the first pass that enforces. */
  get #isObserving(): boolean {
    return this.#world.config.mode === 'observe';
  }
}

/** The bans, of all families that can be read; no pass changes one that cannot. */
async function findUnfiled(
  { config, files }: Needs,
  tools: Tools,
  now: number,
): Promise<readonly SentIntent[]> {
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
  const sent: SentIntent[] = [];
  for (const family of config.families) {
    const bans = await readBans({ config }, tools, { family, now }).then(
      (standing) => standing.bans,
      (): readonly BanIntent[] => [],
    );
    for (const intent of bans) if (!isFiled(intent.ip)) sent.push({ server: ADOPTED, intent });
  }
  return sent;
}
