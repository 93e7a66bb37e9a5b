/**
 * The feed of events: what passes did, and conditions that changed, in files of JSON lines in the runtime folder, for
 * pages and messages. In: records of passes, and what is wrong. It is written after a pass, as status.json is; where it
 * cannot be, that is logged once, and the next that is written tells how many events are missing.
 */
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { ConditionState, Problem } from '../domain/conditions.ts';
import { conditionsOf } from '../domain/conditions.ts';
import type { Pass } from '../pass/pass.ts';
import type { PassObserver } from '../pass/observer.ts';
import { messageOf } from '../system/error.ts';
import { appendLines } from '../system/files/segments.ts';
import type { World } from '../world/world.ts';
import { isoTime } from '../yaml/time.ts';
import { eventLine, type FeedEvent } from './event.ts';
import { eventsOfConditions, eventsOfPass } from './events-of-pass.ts';

/** The folder of the feed. */
export function feedFolder({ runtime }: Pick<Config, 'runtime'>): string {
  return join(runtime, 'events');
}

/** Tells that the controller started, or is about to stop. */
export function tellFeed(world: FeedWorld, kind: 'started' | 'stopped'): void {
  const feed = new Feed(world, []);
  feed.note({ kind, time: isoTime(world.now()) });
  feed.write();
}

type FeedWorld = Pick<World, 'config' | 'log' | 'now'>;

export class Feed implements PassObserver {
  readonly #world: FeedWorld;
  #conditions: readonly ConditionState[];
  #waiting: FeedEvent[] = [];
  /** Of what could not be written: how many, by kind. */
  readonly #unwritten = new Map<string, number>();

  /** `conditions`: how they stood when somebody last looked, also in a life before this one. */
  constructor(world: FeedWorld, conditions: readonly ConditionState[]) {
    this.#world = world;
    this.#conditions = conditions;
  }

  passed(pass: Pass): void {
    for (const event of eventsOfPass(pass)) this.#waiting.push(event);
  }

  /** What it leads to is a condition. */
  failed(): void {
    // Nothing was done.
  }

  /** All that is wrong now. */
  noteProblems(problems: readonly Problem[]): void {
    for (const event of eventsOfConditions(this.#conditions, problems, this.#world.now()))
      this.#waiting.push(event);
    this.#conditions = conditionsOf(problems);
  }

  note(event: FeedEvent): void {
    this.#waiting.push(event);
  }

  /** Writes down what happened since it last did. */
  write(): void {
    if (this.#waiting.length === 0) return;
    const { config, log, now } = this.#world;
    const events = [...this.#missing(), ...this.#waiting];
    try {
      appendLines(feedFolder(config), events.map(eventLine), now());
      this.#unwritten.clear();
    } catch (error) {
      if (this.#unwritten.size === 0) log.error(`cannot write ${feedFolder(config)}: ${messageOf(error)}`);
      for (const event of this.#waiting) this.#miss(event);
    }
    this.#waiting = [];
  }

  #miss(event: FeedEvent): void {
    const [kind, count] = event.kind === 'more' ? [event.of, event.count] : [event.kind, 1];
    this.#unwritten.set(kind, (this.#unwritten.get(kind) ?? 0) + count);
  }

  #missing(): readonly FeedEvent[] {
    const time = isoTime(this.#world.now());
    return Array.from(this.#unwritten, ([of, count]) => ({ kind: 'more', time, of, count }));
  }
}
