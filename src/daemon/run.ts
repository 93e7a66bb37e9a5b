/** The loop of the daemon: makes a pass whenever there is a reason, and tells how it went. */
import { Bell } from '../system/bell.ts';
import type { NftMonitor } from '../system/firewall/nft-monitor.ts';
import type { Notify } from '../system/notify.ts';
import { Announcer, startWatchdog, statusLine } from './announcer.ts';
import { Audience } from './audience.ts';
import { isFailure } from '../domain/conditions.ts';
import { findHindrances } from '../status/hindrances.ts';
import { freshMemory, type Memory } from '../pass/memory.ts';
import { Leavings } from './leavings.ts';
import { Packer } from './packer.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { Pass } from '../pass/pass.ts';
import { reconcile } from '../pass/reconcile.ts';
import { Schedule, type Clocks, type Outcome } from './schedule.ts';
import { isDelivered } from '../spool/sweep.ts';
import { READ_BUDGET } from '../spool/take-in.ts';
import { Watches } from './watches.ts';
import type { World } from '../world/world.ts';

/** For another holder of the state, such as `banspool reconcile`. */
const LOCK_WAIT_MS = 5_000;

/** A pass that takes longer says so in status.json while it runs. */
const LONG_PASS_MS = 2_000;

/** No pass takes this long but one that hangs in spite of all time limits: systemd may restart us. */
const HUNG_PASS_MS = 120_000;

interface RunOptions {
  readonly notify: Notify;
  /** Ends the loop after the pass under way. */
  readonly signal: AbortSignal;
}

/** Runs until `signal`; rules stay as they are. */
export async function runController(world: World, options: RunOptions): Promise<void> {
  await new Controller(world, options).run();
}

class Controller {
  readonly #world: World;
  readonly #memory: Memory;
  readonly #notify: Notify;
  readonly #signal: AbortSignal;
  readonly #bell = new Bell();
  readonly #watches: Watches;
  readonly #audience: Audience;
  readonly #packer: Packer;
  readonly #leavings: Leavings;
  readonly #announcer: Announcer;
  readonly #schedule: Schedule;
  #monitor: NftMonitor | undefined;
  /** What the last pass could not take out of the spool, as SERVER/NAME. */
  #left: ReadonlySet<string> = new Set();
  #hasMore = false;
  /** When the pass under way began, by the steady clock. */
  #passSince: number | undefined;
  /** Until the first pass, which reads the whole state. */
  #isReading = true;

  constructor(world: World, { notify, signal }: RunOptions) {
    this.#world = world;
    this.#notify = notify;
    this.#signal = signal;
    this.#memory = freshMemory(world);
    this.#audience = new Audience(world, this.#memory, {
      isPassing: () => this.#passSince !== undefined,
      exported: () => {
        this.#noteHindrances();
      },
    });
    this.#leavings = new Leavings(world.collectGarbage);
    this.#packer = new Packer(world, this.#memory.ledger);
    this.#announcer = new Announcer(notify);
    this.#schedule = new Schedule(world.config.interval);
    signal.addEventListener('abort', this.#ring);
    this.#memory.lists.readBeside(this.#ring);
    this.#watches = new Watches(world, this.#ring, this.#heard);
  }

  async run(): Promise<void> {
    const watchdog = startWatchdog(
      this.#notify,
      () => this.#passSince === undefined || performance.now() - this.#passSince < HUNG_PASS_MS,
    );
    try {
      await this.#makePass('full');
      // The servers' folders are not watched yet.
      this.#ring();
      this.#leavings.started();
      while (!this.#signal.aborted) await this.#rest();
    } finally {
      this.#leavings.stop();
      this.#monitor?.close();
      await this.#packer.stop();
      await this.#audience.stop();
      clearInterval(watchdog);
      await this.#watches.close();
      await this.#memory.fastPath.end();
    }
  }

  readonly #ring = (): void => {
    this.#bell.ring();
  };

  /** What is heard of between passes, or while one saves and commits, is enforced at once: a pass then keeps it. */
  readonly #heard = (server: string, name: Buffer): void => {
    const { spool, fastPath } = this.#memory;
    if (!isDelivered(name.toString('latin1'))) return;
    const enforcing = spool.inbox.heard(server, name) ? fastPath.heard() : undefined;
    if (enforcing === undefined) this.#ring();
    else void enforcing.then(this.#ring);
  };

  /** What is to be done between passes; waits for a reason to make one, and makes it. */
  async #rest(): Promise<void> {
    const { inbox } = this.#memory.spool;
    // A first pass that failed may not have come as far as the firewall.
    this.#listen();
    this.#announcer.announce(statusLine(this.#audience.chronicle.record()));
    await this.#audience.rest();
    await this.#packer.consider();
    this.#leavings.rest();
    const untilMore = this.#hasMore ? inbox.restLeft : Infinity;
    await this.#bell.wait(Math.min(this.#schedule.wait(this.#clocks()), untilMore));
    this.#hasMore &&= inbox.isResting;
    if (this.#signal.aborted) return;
    // What cannot be looked at is told of by a pass, and tried again as it tries.
    const kind = await this.#findReason().catch((): PassKind => 'full');
    if (kind !== undefined) await this.#makePass(kind);
  }

  async #makePass(kind: PassKind): Promise<void> {
    const startedAt = this.#world.now();
    this.#passSince = performance.now();
    const slow = setInterval(() => {
      const seconds = Math.round((this.#world.now() - startedAt) / 1000);
      this.#audience.underway({
        condition: 'Converged',
        reason: 'PassUnderWay',
        message: `a pass has been running for ${seconds} s`,
      });
    }, LONG_PASS_MS);
    try {
      const pass = await reconcile(this.#world, this.#memory, {
        kind,
        lockWait: LOCK_WAIT_MS,
        readBudget: READ_BUDGET,
        commitAll: false,
      });
      this.#passed(pass);
    } catch (error) {
      this.#failed(error, { kind, startedAt });
    } finally {
      clearInterval(slow);
      this.#passSince = undefined;
    }
    this.#noteHindrances();
  }

  #passed(pass: Pass): void {
    this.#audience.passed(pass);
    this.#left = pass.left;
    this.#hasMore = pass.more;
    if (pass.more) this.#memory.spool.inbox.rest(pass.finishedAt - pass.startedAt);
    if (this.#memory.ledger.isSuspect) this.#ring();
    const { claims, claimChanges } = pass;
    this.#leavings.changed(this.#isReading ? claims : claimChanges.length);
    this.#isReading = false;
    this.#note(pass.kind, pass.nextDue, {
      failed: pass.problems.some(isFailure),
      blocked: pass.isBlocked,
    });
  }

  #failed(error: unknown, pass: { readonly kind: PassKind; readonly startedAt: number }): void {
    this.#audience.failed(error, pass);
    this.#note(pass.kind, Infinity, { failed: true, blocked: true });
  }

  #note(kind: PassKind, nextDue: number, end: Pick<Outcome, 'failed' | 'blocked'>): void {
    const { failuresInARow } = this.#audience.chronicle;
    this.#schedule.note({ kind, nextDue, failuresInARow, ...end }, this.#clocks());
  }

  async #findReason(): Promise<PassKind | undefined> {
    const memory = this.#memory;
    const { inbox } = memory.spool;
    const due = this.#schedule.due(this.#clocks());
    if (due !== undefined) return due === 'blocked' ? undefined : due;
    if (memory.firewall.drift.isDue(performance.now())) return 'quick';
    if (memory.spool.isHeard(this.#left)) return 'quick';
    const found = inbox.sweep();
    const peers = memory.fleet.listener.reports().map(({ peer }) => peer);
    this.#watches.attend(found.servers, peers);
    if (memory.spool.hasNews(found.waiting, this.#left) || memory.spool.isOverfull(found.strays))
      return 'quick';
    // What a failed pass left half written looks like somebody else's change.
    if (this.#schedule.isFailing) return undefined;
    const { ledger } = memory;
    const isEdited = (await ledger.hasChanged()) || ledger.policy.isStale();
    if (isEdited || memory.sources.hasNews() || memory.lists.hasNews()) return 'quick';
    if (!this.#schedule.mayHear(this.#clocks()) || !memory.fleet.hasNews()) return undefined;
    this.#schedule.noteNews();
    return 'quick';
  }

  /** Where the kernel tells of changes: iptables-legacy has nothing like it. Who only observes heals nothing. */
  #listen(): void {
    const memory = this.#memory;
    if (this.#world.config.mode === 'observe') return;
    if (this.#monitor !== undefined || memory.firewall.tools?.variant !== 'nft') return;
    this.#monitor = this.#world.openNftMonitor({
      early: this.#world.config.early,
      heard: (change) => {
        if (memory.firewall.tools?.wrote?.(change) === true) return;
        memory.firewall.drift.heard(change, performance.now());
        this.#ring();
      },
      turned: () => {
        memory.firewall.drift.missed();
        this.#noteHindrances();
        this.#ring();
      },
    });
  }

  #noteHindrances(): void {
    const { interval } = this.#world.config;
    const silence = this.#monitor?.silence();
    const between = { unpacked: this.#packer.problem, unexported: this.#audience.unexported };
    this.#audience.found(findHindrances(this.#memory, { silence, interval, ...between }));
  }

  #clocks(): Clocks {
    return { steady: performance.now(), wall: this.#world.now() };
  }
}
