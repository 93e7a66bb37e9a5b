/**
 * Keeps the roll-up: hourly figures of a month, one file a day beside the objects of the state's repository, where git
 * does not look. In: records of passes, what the firewall counted. What git holds of it is made again from there at
 * each start, once an hour, and for days whose file is missing, so a folder that is removed costs what git does not
 * hold. Nothing of it keeps a pass waiting: it reads and writes beside the passes.
 */
import { dirname, join } from 'node:path';
import type { Memory } from '../pass/memory.ts';
import type { Pass } from '../pass/pass.ts';
import type { PassObserver } from '../pass/observer.ts';
import { messageOf } from '../system/error.ts';
import type { World } from '../world/world.ts';
import { Day, dayFile, decodeDay, encodeDay } from './day.ts';
import { DAY_MS, dayOf, HOUR_MS } from './hour.ts';
import { MOST_BYTES, rollupFolder } from './read-rollup.ts';
import { remakeDays } from './remake.ts';
import { tallySeen, tallyTold } from './tally.ts';

/** Days that are kept. */
const ROLLUP_DAYS = 31;

const WRITE_EVERY_MS = 60_000;
const REMAKE_EVERY_MS = HOUR_MS;

type RollupWorld = Pick<World, 'config' | 'files' | 'log' | 'now'>;

/** Who knows of the repository, and of what the firewall counted. */
interface Keepers {
  readonly ledger: Pick<Memory['ledger'], 'repository'>;
  readonly firewall: Pick<Memory['firewall'], 'jailDrops'>;
}

export class Rollup implements PassObserver {
  readonly #world: RollupWorld;
  readonly #keepers: Keepers;
  /** By beginning: today's, and yesterday's until it is written. */
  readonly #days = new Map<number, Day>();
  /** What passes did since git was asked, by day; undefined while it is not. */
  #sinceAsked: Map<number, Day> | undefined;
  readonly #loaded = new Set<number>();
  /** As they were written last. */
  readonly #texts = new Map<number, string>();
  #dropped = { packets: 0, bytes: 0 };
  /** False while something is done that git may not hold yet. */
  #isCommitted = false;
  #isDirty = false;
  #isStopped = false;
  #isRemade = false;
  #hasFailed = false;
  /** By the clock that nobody sets. */
  #writtenAt = -Infinity;
  #remadeAt = -Infinity;
  #work: Promise<void> | undefined;

  constructor(world: RollupWorld, keepers: Keepers) {
    this.#world = world;
    this.#keepers = keepers;
  }

  passed(pass: Pass): void {
    this.#isCommitted = !pass.more && !pass.problems.some(({ condition }) => condition === 'Committed');
    const start = dayOf(pass.finishedAt);
    const day = dayIn(this.#days, start);
    tallySeen(day, pass);
    tallyTold(day, pass);
    if (this.#sinceAsked !== undefined) tallyTold(dayIn(this.#sinceAsked, start), pass);
    this.#isDirty = true;
  }

  /** It did nothing. */
  failed(): void {
    this.#isCommitted = false;
  }

  /** Between passes: begins what is due, and waits for none of it but for the name of the newest commit. */
  async rest(): Promise<void> {
    const { repository } = this.#keepers.ledger;
    // Without a repository there is nothing that it could be made from, and no place for it.
    if (this.#work !== undefined || this.#isStopped || !repository.exists()) return;
    const now = performance.now();
    if (this.#isCommitted && now - this.#remadeAt > REMAKE_EVERY_MS) {
      this.#remadeAt = now;
      // No pass can end meanwhile: what it did would be counted here, and told by git.
      const from = await repository.head.commit().catch(() => undefined);
      if (from === undefined) return;
      this.#sinceAsked = new Map();
      this.#begin(() => this.#remake(from));
    } else if (this.#isDirty && now - this.#writtenAt > WRITE_EVERY_MS) this.#begin(() => this.#write());
  }

  /** Resolves when what is done beside the passes, if anything is, is over. */
  async over(): Promise<void> {
    await this.#work;
  }

  /** Writes what is not written yet. What is made again ends first, and is left to the next controller. */
  async close(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
    if (this.#isDirty && this.#keepers.ledger.repository.exists()) this.#begin(() => this.#write());
    await this.#work;
  }

  #begin(work: () => Promise<void>): void {
    this.#work = work()
      .then(() => {
        this.#hasFailed = false;
      })
      .catch((error: unknown) => {
        if (!this.#hasFailed)
          this.#world.log.warn(`cannot write the figures of the month: ${messageOf(error)}`);
        this.#hasFailed = true;
        this.#isDirty = true;
      })
      .finally(() => {
        this.#work = undefined;
        this.#sinceAsked = undefined;
      });
  }

  /** The days that are not over, and one that has just ended. */
  async #write(): Promise<void> {
    this.#writtenAt = performance.now();
    this.#isDirty = false;
    const today = dayOf(this.#world.now());
    this.#noteDrops();
    for (const [start, day] of this.#days) {
      await this.#load(day);
      // All that came before this life was made again from git.
      if (start < today && this.#isRemade) day.counted = start + DAY_MS;
      await this.#save(day);
      if (start < today) this.#forget(start);
    }
  }

  #forget(start: number): void {
    this.#days.delete(start);
    this.#loaded.delete(start);
    this.#texts.delete(start);
  }

  /** What a life before this one saw of the day. */
  async #load(day: Day): Promise<void> {
    if (this.#loaded.has(day.start)) return;
    day.add((await this.#read(day.start))?.hours ?? []);
    this.#loaded.add(day.start);
  }

  async #read(start: number): Promise<ReturnType<typeof decodeDay>> {
    const path = join(await rollupFolder(this.#world), dayFile(start));
    const text = await this.#world.files.readAtMost(path, MOST_BYTES);
    return text === undefined ? undefined : decodeDay(text);
  }

  async #save(day: Day): Promise<void> {
    const { files } = this.#world;
    const text = encodeDay(day);
    if (this.#texts.get(day.start) === text) return;
    const folder = await rollupFolder(this.#world);
    // Never the repository's own, which may have gone: a folder of that name is one.
    await files.makeOneFolder(dirname(folder));
    await files.makeOneFolder(folder);
    await files.write(join(folder, dayFile(day.start)), text);
    if (this.#days.has(day.start)) this.#texts.set(day.start, text);
  }

  #noteDrops(): void {
    const sum = { packets: 0, bytes: 0 };
    for (const { packets, bytes } of this.#keepers.firewall.jailDrops()) {
      sum.packets += packets;
      sum.bytes += bytes;
    }
    const [packets, bytes] = [sum.packets - this.#dropped.packets, sum.bytes - this.#dropped.bytes];
    this.#dropped = sum;
    const now = this.#world.now();
    dayIn(this.#days, dayOf(now)).dropped(now, { packets, bytes });
  }

  async #remake(from: string): Promise<void> {
    const { repository } = this.#keepers.ledger;
    await this.#write();
    const today = dayOf(this.#world.now());
    const days = await this.#wanted(today);
    await remakeDays({
      ...{ from, days, isStopped: () => this.#isStopped },
      read: (args, input) => repository.readIdly(args, input),
      done: async (told) => this.#replace(told, today),
      lack: (what) => {
        this.#world.log.warn(`the figures of the month lack ${what}`);
      },
    });
    this.#isRemade ||= !this.#isStopped;
  }

  /** Today, and each day that no controller saw to its end. */
  async #wanted(today: number): Promise<readonly number[]> {
    const { files } = this.#world;
    const folder = await rollupFolder(this.#world);
    const kept = Array.from({ length: ROLLUP_DAYS }, (_, index) => today - index * DAY_MS);
    const names = new Set(kept.map(dayFile));
    for (const name of await files.names(folder))
      if (/^\d{4}-\d\d-\d\d\.json$/.test(name) && !names.has(name)) await files.remove(join(folder, name));
    const wanted: number[] = [];
    for (const start of kept) {
      const counted = (await this.#read(start))?.counted ?? -Infinity;
      if (start === today || counted < start + DAY_MS) wanted.push(start);
    }
    return wanted;
  }

  /** Puts what git tells of a day in the place of what was counted of it, but for what came since git was asked. */
  async #replace(told: Day, today: number): Promise<void> {
    const { start } = told;
    const day = this.#days.get(start) ?? new Day(start);
    if (!this.#days.has(start)) day.add((await this.#read(start))?.hours ?? []);
    else await this.#load(day);
    day.forgetTold();
    day.add(told.hours());
    day.add(this.#sinceAsked?.get(start)?.hours() ?? []);
    if (start < today) day.counted = start + DAY_MS;
    await this.#save(day);
  }
}

function dayIn(days: Map<number, Day>, start: number): Day {
  const day = days.get(start) ?? new Day(start);
  days.set(start, day);
  return day;
}
