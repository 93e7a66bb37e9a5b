/**
 * Bans that came while this machine's clock may have been behind: at a boot without a good one it is set right only
 * once the network is there. Their ends are then in the past before their time is over. So their length counts by the
 * clock that nobody sets too; that is written down in the runtime folder, which lives as long as that clock, for all
 * that pass.
 */
import { join } from 'node:path';
import * as v from 'valibot';
import type { BanIntent } from '../intent/intent.ts';
import { parseNet } from '../domain/net.ts';
import { claimKey, type Ban, type Claim } from '../claims/claim.ts';
import type { SentIntent } from '../claims/fold.ts';
import { makeShard, shardOf, type Shard, type State } from '../claims/state.ts';
import type { LedgerWorld } from './ledger-world.ts';
import { readJson } from '../yaml/read-json.ts';

interface EarlyBan {
  readonly server: string;
  readonly jail: string;
  readonly ip: string;
  /** By the clock that may be set, as the claim has it: milliseconds since 1970. */
  readonly until: number;
  /** By the clock that nobody sets: milliseconds since the boot. */
  readonly endsAt: number;
}

/** What is watched, and when it was last looked at. */
interface Watched {
  readonly bans: readonly EarlyBan[];
  /** Of the file, as last read or written. */
  readonly stamp: string | undefined;
  /** Between the two clocks, when the bans were last looked at. */
  readonly offset: number;
}

interface Clocks {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds since the boot, by the clock that nobody sets. */
  readonly steady: () => number;
}

export interface Moment {
  readonly now: number;
  /** Milliseconds since the boot. */
  readonly steady: number;
}

/** In this time after a boot a clock is set; later, only what seems to come out of the future is doubted. */
const SETTING_MS = 3600_000;

/** As many as one server may claim; what is beyond ends by the clock alone. */
const MAX_BANS = 20_000;

/** Clocks are slewed too; what is less is no step. */
const STEP_MS = 2_000;

/** This moment by both clocks. */
export function momentOf(clocks: Clocks): Moment {
  return { now: clocks.now(), steady: clocks.steady() };
}

type Needs = Pick<LedgerWorld, 'config' | 'files'>;

export class EarlyBans {
  readonly #place: Needs;
  /** As last written down. */
  #watched: Watched | undefined;

  constructor(place: Needs) {
    this.#place = place;
  }

  /** The state in which those end no earlier than their length after they came. */
  async keepLengths(state: State, moment: Moment): Promise<State> {
    const offset = moment.now - moment.steady;
    const stamp = this.#place.files.stamp(pathOf(this.#place));
    // Thousands may be watched: they are looked at where somebody else wrote some down, or the clock was set since.
    const watched = this.#watched;
    const isKnown = watched !== undefined && watched.stamp === stamp;
    if (isKnown && Math.abs(offset - watched.offset) < STEP_MS / 2) return state;
    const early = isKnown ? watched.bans : await load(this.#place, watched?.bans ?? []);
    const { kept, shards } = lengthenAll(state, early, moment);
    this.#watched = { bans: kept, stamp, offset };
    if (shards.size === 0) return state;
    const changed = Array.from(shards, ([name, claims]): [string, Shard] => [name, makeShard(claims)]);
    return { ...state, shards: new Map([...state.shards, ...changed]) };
  }

  /** Writes down what came now, with what is still to be watched. */
  async note(sent: readonly SentIntent[], moment: Moment): Promise<void> {
    const fresh = sent.flatMap(({ server, intent }) => earlyOf(server, intent, moment));
    if (fresh.length === 0 || this.#watched === undefined) return;
    const open = this.#watched.bans.filter(({ endsAt }) => endsAt > moment.steady);
    const bans = [...open, ...fresh].slice(-MAX_BANS);
    const { files } = this.#place;
    const path = pathOf(this.#place);
    const text = JSON.stringify({ boot: await bootOf(this.#place), bans });
    // Where it cannot be written the controller knows it all the same, as long as it lives.
    await files.write(path, text).catch(() => undefined);
    this.#watched = { ...this.#watched, bans, stamp: files.stamp(path) };
  }
}

interface Lengthened {
  /** Those that are still to be watched. */
  readonly kept: readonly EarlyBan[];
  /** The claims of each shard in which one was made longer. */
  readonly shards: ReadonlyMap<string, ReadonlyMap<string, Claim>>;
}

function lengthenAll(state: State, early: readonly EarlyBan[], { now, steady }: Moment): Lengthened {
  const shards = new Map<string, Map<string, Claim>>();
  const kept: EarlyBan[] = [];
  for (const each of early) {
    const found = find(state, shards, each);
    if (found === undefined || each.endsAt <= steady) continue;
    const until = Math.round(now + each.endsAt - steady);
    if (until - each.until < STEP_MS) kept.push(each);
    else {
      kept.push({ ...each, until });
      const { shard, key, claim } = found;
      const claims = shards.get(shard) ?? new Map(state.shards.get(shard)?.claims);
      shards.set(shard, claims.set(key, { ...claim, bans: lengthen(claim.bans, each.until, until) }));
    }
  }
  return { kept, shards };
}

interface Found {
  readonly shard: string;
  readonly key: string;
  readonly claim: Claim;
}

function find(
  state: State,
  changed: ReadonlyMap<string, ReadonlyMap<string, Claim>>,
  { server, jail, ip: text, until }: EarlyBan,
): Found | undefined {
  const ip = parseNet(text);
  if (ip === undefined) return undefined;
  const shard = shardOf(ip);
  const key = claimKey({ ip, server, jail });
  const claim = (changed.get(shard) ?? state.shards.get(shard)?.claims)?.get(key);
  return claim?.bans.some((ban) => ban.until === until) === true ? { shard, key, claim } : undefined;
}

/** Each older one ends later than all that are newer, or does not count. */
function lengthen(bans: readonly Ban[], from: number, to: number): readonly Ban[] {
  const kept: Ban[] = [];
  for (const ban of bans) {
    const longer = ban.until === from ? { ...ban, until: to } : ban;
    if (kept.every(({ until }) => until < longer.until)) kept.push(longer);
  }
  return kept;
}

function earlyOf(server: string, intent: SentIntent['intent'], { now, steady }: Moment): readonly EarlyBan[] {
  const isBan = (each: SentIntent['intent']): each is BanIntent =>
    each.intent === 'ban' || each.intent === 'prolong';
  const bans = isBan(intent) ? [intent] : intent.intent === 'snapshot' ? intent.bans : [];
  return bans.flatMap(({ ip, time, until }) => {
    const isDoubted = time === now || steady < SETTING_MS;
    const length = Math.min(until - time, until - now);
    if (!isDoubted || !Number.isFinite(until) || length <= 0) return [];
    return [{ server, jail: intent.jail, ip: ip.text, until, endsAt: steady + length }];
  });
}

const schema = v.object({
  boot: v.string(),
  bans: v.array(
    v.object({
      ...{ server: v.string(), jail: v.string(), ip: v.string() },
      ...{ until: v.number(), endsAt: v.number() },
    }),
  ),
});

/** Another process, such as the timer's, may have written since; what cannot be read leaves what was known. */
async function load(place: Needs, known: readonly EarlyBan[]): Promise<readonly EarlyBan[]> {
  const text = await place.files.read(pathOf(place)).catch(() => undefined);
  const read = readJson(schema, text ?? '');
  return read?.boot === (await bootOf(place)) ? read.bans : known;
}

function pathOf({ config }: Pick<Needs, 'config'>): string {
  return join(config.runtime, 'early-bans.json');
}

async function bootOf({ files }: Pick<Needs, 'files'>): Promise<string> {
  return (await files.read('/proc/sys/kernel/random/boot_id').catch(() => ''))?.trim() ?? '';
}
