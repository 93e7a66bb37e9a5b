/**
 * Writes the page of a controller, at most once a minute, beside its passes: in slices of some milliseconds, with which
 * it waits while a pass is under way, so that no ban waits for a page. What makes pages is loaded with the first one.
 */
import type { Memory } from '../pass/memory.ts';
import { assessStatus, type Status } from '../status/assess-status.ts';
import type { Chronicle } from '../status/chronicle.ts';
import { messageOf } from '../system/error.ts';
import { writePage } from '../system/files/write-page.ts';
import { localZone } from '../system/local-zone.ts';
import { Stopped, turns } from '../system/processes/turns.ts';
import type { World } from '../world/world.ts';
import { reportPath } from './report-path.ts';
import type { Counts } from './gather.ts';

const EVERY_MS = 60_000;

type Needs = Pick<Memory, 'spool' | 'fleet' | 'ledger' | 'concluder' | 'firewall'>;

interface ReporterOptions {
  readonly chronicle: Pick<Chronicle, 'record'>;
  /** True while a pass is under way. */
  readonly isPassing: () => boolean;
}

export class Reporter {
  readonly #world: World;
  readonly #memory: Needs;
  readonly #options: ReporterOptions;
  readonly #zone = localZone(process.env);
  #counts: Counts | undefined;
  /** By the clock that nobody sets. */
  #writtenAt = -Infinity;
  #writing: Promise<void> | undefined;
  #isWritable = true;
  #isStopped = false;

  constructor(world: World, memory: Needs, options: ReporterOptions) {
    this.#world = world;
    this.#memory = memory;
    this.#options = options;
  }

  /** Begins a page, unless one is being written or is not a minute old. */
  consider(): void {
    if (this.#writing !== undefined || performance.now() - this.#writtenAt < EVERY_MS) return;
    this.#writtenAt = performance.now();
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Lets a page that is being written be, and begins no other. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#writing;
  }

  /** A failure is logged once. */
  async #write(): Promise<void> {
    const { config, log } = this.#world;
    try {
      const parts = await this.#gather();
      if (parts !== undefined) await writePage(reportPath(config), parts);
      this.#isWritable = true;
    } catch (error) {
      if (error instanceof Stopped) return;
      if (this.#isWritable) log.error(`cannot write ${reportPath(config)}: ${messageOf(error)}`);
      this.#isWritable = false;
    }
  }

  async #gather(): Promise<readonly string[] | undefined> {
    const { concluder, ledger, firewall, fleet } = this.#memory;
    const conclusion = concluder.last;
    // Nothing was concluded yet.
    if (conclusion === undefined) return undefined;
    const { state } = ledger;
    const { gatherPage, Counts } = await import('./gather.ts');
    this.#counts ??= new Counts();
    const turn = turns({ isPassing: this.#options.isPassing, isStopped: () => this.#isStopped });
    const grounds = {
      ...{ zone: this.#zone, isRenewed: true, status: this.#status(), conclusion, state },
      ...{
        drops: firewall.netDrops(),
        uncounted: firewall.uncountedChains(),
        peers: fleet.listener.reports(),
      },
    };
    return gatherPage(this.#world, grounds, { counts: this.#counts, turn });
  }

  #status(): Status {
    const { config, now } = this.#world;
    const { waiting } = this.#memory.spool.inbox.sweep();
    return assessStatus({
      record: this.#options.chronicle.record(),
      waiting: new Map(
        Array.from(waiting, ([server, { length }]) => [server, { files: length, isAll: true }]),
      ),
      ...{ interval: config.interval, now: now(), isReadOnly: false, hasEnded: false },
    });
  }
}
