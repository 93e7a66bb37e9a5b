/**
 * Who is told of passes, and of what is wrong between them: the log, status.json, the feed of events, metrics. In what
 * order, and what is written when, is known here. Nothing of it keeps a ban waiting: it comes after the pass.
 */
import type { Problem } from '../domain/conditions.ts';
import { Exporter } from '../exports/exporter.ts';
import { Feed } from '../feed/feed.ts';
import { OrderWriter } from '../fetch/order-writer.ts';
import type { Memory } from '../pass/memory.ts';
import type { PassObserver } from '../pass/observer.ts';
import type { Pass } from '../pass/pass.ts';
import { Reporter } from '../report/reporter.ts';
import { Rollup } from '../rollup/rollup.ts';
import { Chronicle, readRecord } from '../status/chronicle.ts';
import { logHindrances } from '../status/hindrances.ts';
import { Journal } from '../status/journal.ts';
import { Meter } from '../status/meter.ts';
import { ownIdentity } from '../system/processes/process-identity.ts';
import type { World } from '../world/world.ts';

interface AudienceOptions {
  /** True while a pass is under way. */
  readonly isPassing: () => boolean;
  /** Called between passes, when exports were written or could not be. */
  readonly exported: () => void;
}

export class Audience implements PassObserver {
  readonly #world: World;
  readonly chronicle: Chronicle;
  readonly #meter: Meter;
  readonly #feed: Feed;
  readonly #reporter: Reporter;
  readonly #rollup: Rollup;
  readonly #exporter: Exporter;
  readonly #observers: readonly PassObserver[];

  constructor(world: World, memory: Memory, { isPassing, exported }: AudienceOptions) {
    this.#world = world;
    // Before the chronicle writes its own.
    this.#feed = new Feed(world, readRecord(world.config)?.conditions ?? []);
    this.chronicle = new Chronicle(world, memory, ownIdentity());
    this.#meter = new Meter(world, this.chronicle, memory);
    this.#reporter = new Reporter(world, memory, { chronicle: this.chronicle, isPassing });
    this.#rollup = new Rollup(world, memory);
    this.#exporter = new Exporter(world, memory, { isPassing, written: exported });
    // The journal goes by what the chronicle knew until then.
    const others = [this.chronicle, this.#meter, this.#feed, this.#rollup, new OrderWriter(world, memory)];
    this.#observers = [new Journal(world.log, this.chronicle), ...others];
  }

  passed(pass: Pass): void {
    for (const observer of this.#observers) observer.passed(pass);
  }

  failed(error: unknown, pass: Pick<Pass, 'kind' | 'startedAt'>): void {
    for (const observer of this.#observers) observer.failed(error, pass);
  }

  /** A pass has been running for long. */
  underway(problem: Problem): void {
    this.chronicle.write(problem);
  }

  /** After a pass, and whenever something turned out between passes: what is wrong beside what the pass found. */
  found(hindrances: readonly Problem[]): void {
    logHindrances(this.#world.log, hindrances, this.chronicle.hindrances);
    this.chronicle.exports = this.#exporter.exported ?? this.chronicle.exports;
    this.chronicle.hindrances = hindrances;
    this.chronicle.write();
    this.#feed.noteProblems(this.chronicle.problems);
    this.#feed.write();
  }

  /** What keeps exports from being written. */
  get unexported(): Problem | undefined {
    return this.#exporter.problem;
  }

  /** Between passes. */
  async rest(): Promise<void> {
    await this.#meter.write();
    await this.#rollup.rest();
    this.#reporter.consider();
    this.#exporter.consider();
  }

  /** Nothing is written after it. */
  async stop(): Promise<void> {
    await this.#reporter.stop();
    await this.#exporter.stop();
    await this.#rollup.close();
  }
}
