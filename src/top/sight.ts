/**
 * What there is to see: the last word of the controller, what waits, the events since the last look, and the bans as
 * they were last read. A look is cheap, since one is taken each second; bans are read beside, and seldom.
 */
import type { FeedEvent } from '../feed/event.ts';
import { feedFolder } from '../feed/feed.ts';
import { BEGINNING, readOn } from '../feed/follow.ts';
import { findStatus } from '../status/find-status.ts';
import type { ConditionRecord } from '../status/status-record.ts';
import { messageOf } from '../system/error.ts';
import type { World } from '../world/world.ts';
import type { Zone } from '../domain/words.ts';
import { Minutes } from './minutes.ts';
import type { Seen, SeenBans } from './seen.ts';

interface SightOptions {
  readonly zone: Zone;
  readonly host: string;
  /** Of rules that others load at a boot, which seldom change. */
  readonly conditions: readonly ConditionRecord[];
}

/** More than a tall screen has lines, and enough to filter. */
const MAX_EVENTS = 2_000;

/** Of each second, to count what waits. */
const COUNTING_MS = 20;

export class Sight {
  readonly #world: World;
  readonly #options: SightOptions;
  readonly #minutes = new Minutes();
  #cursor = BEGINNING;
  #trouble: string | undefined;
  #events: readonly FeedEvent[] = [];
  bans: SeenBans = { kind: 'waiting' };
  /** As the controller last counted them. */
  banCount = 0;

  constructor(world: World, options: SightOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** Looks. Throws where this user may not read what the controller wrote down. */
  look(): Seen {
    const { zone, host, conditions } = this.#options;
    this.#follow();
    const now = this.#world.now();
    const { status, record } = findStatus(this.#world, { seen: conditions, countingMs: COUNTING_MS });
    this.banCount = status.bans;
    return {
      ...{ now, zone, host, status },
      checkedAt: record === undefined ? undefined : Date.parse(record.updatedAt),
      events: this.#events,
      eventsTrouble: this.#trouble,
      minutes: this.#minutes.until(now),
      bans: this.bans,
    };
  }

  /** At first all that there is, which tells of the last hours too. Where it cannot be read, all else is shown. */
  #follow(): void {
    try {
      const { events, cursor } = readOn(feedFolder(this.#world.config), this.#cursor);
      [this.#cursor, this.#trouble] = [cursor, undefined];
      for (const event of events) this.#minutes.add(event);
      if (events.length > 0) this.#events = [...this.#events, ...events].slice(-MAX_EVENTS);
    } catch (error) {
      this.#trouble = `cannot read the feed: ${messageOf(error)}`;
    }
  }
}
