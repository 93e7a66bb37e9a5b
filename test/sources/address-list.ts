/**
 * A source that gives claims: a file of addresses, one a line. Beside the list of sources as it is. See
 * sources.test.ts.
 */
import { join } from 'node:path';
import { claimKey, type Claim } from '../../src/claims/claim.ts';
import { makeShard, shardOf, type Regions, type Shard } from '../../src/claims/state.ts';
import type { Problem } from '../../src/domain/conditions.ts';
import { parseNet, type Net } from '../../src/domain/net.ts';
import type { Firewall } from '../../src/firewall/firewall.ts';
import { openSources as openAsEver } from '../../src/sources/open-sources.ts';
import { LastGood } from '../../src/sources/last-good.ts';
import type { Source } from '../../src/sources/source.ts';
import { messageOf } from '../../src/system/error.ts';
import type { World } from '../../src/world/world.ts';

type Place = Pick<World, 'config' | 'files' | 'now'>;

export class AddressList implements Source {
  readonly #world: Place;
  readonly #path: string;
  #stamp: string | undefined = 'never read';
  #regions: ReadonlyMap<string, { readonly text: string; readonly shard: Shard }> = new Map();
  #problems: readonly Problem[] = [];
  readonly #lastGood: LastGood;
  /** Undefined before anything was read, also by an earlier process. */
  #text: string | undefined;
  #kept: string | undefined;

  constructor(world: Place) {
    this.#world = world;
    this.#path = join(world.config.runtime, 'blocked.txt');
    this.#lastGood = new LastGood(world.files, join(world.config.runtime, 'kept/blocked.txt'));
  }

  readonly give = async (): Promise<Regions> => {
    const { files, now } = this.#world;
    const stamp = files.stamp(this.#path);
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      try {
        this.#take((await files.read(this.#path)) ?? '', now());
        this.#problems = [];
      } catch (error) {
        if (this.#text === undefined) await this.#takeLastGood();
        const message = `${this.#path}: ${messageOf(error)}`;
        this.#problems = [{ condition: 'SpoolReadable', reason: 'Forbidden', message }];
      }
    }
    return (this.#last ??= new Map(Array.from(this.#regions, ([name, { shard }]) => [name, shard])));
  };

  readonly keep = async (): Promise<void> => {
    if (this.#text === undefined || this.#text === this.#kept) return;
    await this.#lastGood.keep(Buffer.from(this.#text));
    this.#kept = this.#text;
  };

  readonly problems = (): readonly Problem[] => this.#problems;

  readonly hasNews = (): boolean => this.#world.files.stamp(this.#path) !== this.#stamp;

  #last: Regions | undefined;

  async #takeLastGood(): Promise<void> {
    const kept = await this.#lastGood.read();
    if (kept !== undefined) this.#take(Buffer.from(kept).toString(), this.#world.now());
  }

  #take(text: string, now: number): void {
    this.#text = text;
    const groups = new Map<string, Net[]>();
    for (const ip of text.split('\n').flatMap((line) => parseNet(line) ?? [])) {
      const group = groups.get(shardOf(ip));
      if (group === undefined) groups.set(shardOf(ip), [ip]);
      else group.push(ip);
    }
    this.#regions = new Map(
      Array.from(groups, ([name, ips]) => {
        const lines = ips.map((ip) => ip.text).join('\n');
        const known = this.#regions.get(name);
        return [name, known?.text === lines ? known : { text: lines, shard: shardFrom(ips, now) }];
      }),
    );
    this.#last = undefined;
  }
}

/** A shard of bans without end. */
export function shardFrom(ips: readonly Net[], now: number): Shard {
  const claims = ips.map((ip): Claim => {
    const bans = [{ heard: now, since: now, until: Infinity }];
    const details = { said: now, ports: 'all', protocols: 'all' };
    return { ip, server: 'blocklist', jail: 'blocklist', bans, details };
  });
  return makeShard(new Map(claims.map((claim) => [claimKey(claim), claim])));
}

export function openSources(world: World, firewall: Firewall): readonly Source[] {
  return [...openAsEver(world, firewall), new AddressList(world)];
}
