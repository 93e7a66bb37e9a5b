/** The loop of the daemon: when to make a pass, and of which kind. */
import { join } from 'node:path';
import { countText } from '../report/words.ts';
import type { Sweep } from '../spool/sweep.ts';
import { Bell } from '../system/bell.ts';
import { messageOf } from '../system/error.ts';
import type { NftMonitor } from '../system/nft-monitor.ts';
import type { Notify } from '../system/notify.ts';
import { openFolderWatches } from '../system/folder-watches.ts';
import { ownIdentity } from '../system/process-identity.ts';
import { openDoorbell } from '../system/watch.ts';
import { Announcer } from './announcer.ts';
import { Chronicle, isFailure } from './chronicle.ts';
import { findHindrances, logHindrances } from './hindrances.ts';
import { logPass } from './log-pass.ts';
import { freshMemory } from './memory.ts';
import { Meter } from './meter.ts';
import { Packer } from './packer.ts';
import type { PassKind } from './pass.ts';
import { isPolicyStale } from './policy-in-force.ts';
import { reconcile } from './reconcile.ts';
import { Schedule, type Clocks, type Outcome } from './schedule.ts';
import { READ_BUDGET } from './take-in.ts';
import type { World } from './world.ts';

/** For another holder of the state, such as `banspool reconcile`. */
const LOCK_WAIT_MS = 5_000;

/** A pass that takes longer says so in status.json while it runs. */
const LONG_PASS_MS = 2_000;

/** What so many claims leave behind when they change is worth the moment that collecting it takes. */
const MANY_CHANGES = 10_000;

/** No pass takes this long but one that hangs in spite of all time limits: systemd may restart us. */
const HUNG_PASS_MS = 120_000;

export interface RunOptions {
  readonly notify: Notify;
  /** Ends the loop after the pass under way. */
  readonly signal: AbortSignal;
}

/** Runs until `signal`; rules stay as they are. */
export async function runController(world: World, { notify, signal }: RunOptions): Promise<void> {
  const { config, log } = world;
  const memory = freshMemory(world);
  const chronicle = new Chronicle(world, memory, ownIdentity());
  const meter = new Meter(world, chronicle, memory.spool.inbox);
  const packer = new Packer(world, memory);
  const bell = new Bell();
  const ring = (): void => {
    bell.ring();
  };
  signal.addEventListener('abort', ring);
  const doorbells = [
    openDoorbell({ folders: [config.spool], depth: 0, ring, warn: log.warn }),
    openDoorbell({ folders: [config.state], depth: 2, ring, warn: log.warn }),
  ];
  const serverBells = openFolderWatches(ring, log.warn);

  let monitor: NftMonitor | undefined;
  const noteHindrances = (): void => {
    const { interval } = config;
    const found = findHindrances(memory, {
      ...{ silence: monitor?.silence(), interval },
      unpacked: packer.problem,
    });
    logHindrances(log, found, chronicle.hindrances);
    chronicle.hindrances = found;
  };
  /** Where the kernel tells of changes: iptables-legacy has nothing like it. */
  const listen = (): void => {
    if (monitor !== undefined || memory.firewall?.variant !== 'nft') return;
    monitor = world.openNftMonitor({
      heard: (change) => {
        if (memory.firewall?.wrote?.(change) === true) return;
        memory.drift.heard(change, performance.now());
        ring();
      },
      turned: () => {
        memory.drift.missed();
        noteHindrances();
        chronicle.write();
        ring();
      },
    });
  };

  const schedule = new Schedule(config.interval);
  const clocks = (): Clocks => ({ steady: performance.now(), wall: world.now() });
  const announcer = new Announcer(notify);
  let left: ReadonlySet<string> = new Set();
  let hasMore = false;
  let passSince: number | undefined;
  let changesSinceCollection = 0;
  const watchdog = startWatchdog(
    notify,
    () => passSince === undefined || performance.now() - passSince < HUNG_PASS_MS,
  );

  const makePass = async (kind: PassKind): Promise<void> => {
    const startedAt = world.now();
    passSince = performance.now();
    const slow = setInterval(() => {
      const seconds = Math.round((world.now() - startedAt) / 1000);
      chronicle.write({
        condition: 'Converged',
        reason: 'PassUnderWay',
        message: `a pass has been running for ${seconds} s`,
      });
    }, LONG_PASS_MS);
    try {
      const pass = await reconcile(world, memory, {
        kind,
        lockWait: LOCK_WAIT_MS,
        readBudget: READ_BUDGET,
        commitAll: false,
      });
      logPass(log, pass, chronicle.passProblems);
      chronicle.passed(pass);
      meter.passed(pass);
      left = pass.left;
      if (pass.more) memory.spool.inbox.rest(pass.finishedAt - pass.startedAt);
      if (memory.isStateSuspect) ring();
      hasMore = pass.more;
      changesSinceCollection += pass.claimChanges.length;
      note(kind, pass.nextDue, {
        failed: pass.problems.some(isFailure),
        blocked: pass.isBlocked,
      });
    } catch (error) {
      const message = messageOf(error);
      if (!chronicle.problems.some((problem) => problem.message === message)) log.error(message);
      chronicle.failed(error, { kind, startedAt });
      meter.failed();
      note(kind, Infinity, { failed: true, blocked: true });
    } finally {
      clearInterval(slow);
      passSince = undefined;
    }
    noteHindrances();
    chronicle.write();
  };

  const note = (kind: PassKind, nextDue: number, end: Pick<Outcome, 'failed' | 'blocked'>): void => {
    schedule.note({ kind, nextDue, failuresInARow: chronicle.failuresInARow, ...end }, clocks());
  };

  const findReason = async (): Promise<PassKind | undefined> => {
    const due = schedule.due(clocks());
    if (due !== undefined) return due === 'blocked' ? undefined : due;
    if (memory.drift.isDue(performance.now())) return 'quick';
    const found = memory.spool.inbox.sweep();
    const folders = found.servers.map((server) => join(config.spool, server));
    doorbells[0]?.rearm([config.spool]);
    // What came before it is watched rang nothing.
    if (serverBells.set(folders)) ring();
    doorbells[1]?.rearm([config.state]);
    const waits = memory.spool.inbox.isResting ? memory.spool.inbox.crowd : NOBODY;
    if (hasNews(found.waiting, left, waits) || memory.spool.isOverfull(found.strays)) return 'quick';
    // What a failed pass left half written looks like somebody else's change.
    if (schedule.isFailing) return undefined;
    memory.isStateSuspect ||= await memory.store.isStale();
    return memory.isStateSuspect || isPolicyStale(world, memory) ? 'quick' : undefined;
  };

  try {
    await makePass('full');
    // The servers' folders are not watched yet.
    ring();
    while (!signal.aborted) {
      // A first pass that failed may not have come as far as the firewall.
      listen();
      announcer.announce(statusLine(chronicle));
      await meter.write();
      await packer.consider();
      if (changesSinceCollection >= MANY_CHANGES) {
        world.collectGarbage();
        changesSinceCollection = 0;
      }
      const untilMore = hasMore ? memory.spool.inbox.restLeft : Infinity;
      await bell.wait(Math.min(schedule.wait(clocks()), untilMore));
      hasMore &&= memory.spool.inbox.isResting;
      if (isAborted(signal)) break;
      // What cannot be looked at is told of by a pass, and tried again as it tries.
      const kind = await findReason().catch((): PassKind => 'full');
      if (kind !== undefined) await makePass(kind);
    }
  } finally {
    monitor?.close();
    await packer.stop();
    clearInterval(watchdog);
    serverBells.close();
    await Promise.all(doorbells.map((doorbell) => doorbell.close()));
  }
}

const NOBODY: ReadonlySet<string> = new Set();

/** What the last pass had to leave waits for the next try, and keeps nothing else from being taken. */
function hasNews(waiting: Sweep['waiting'], left: ReadonlySet<string>, waits: ReadonlySet<string>): boolean {
  for (const [server, entries] of waiting) {
    if (waits.has(server)) continue;
    if (entries.some(({ name }) => !left.has(`${server}/${name}`))) return true;
  }
  return false;
}

/** TypeScript would take the check at the head of the loop for one that still holds after an await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function startWatchdog(notify: Notify, isAlive: () => boolean): NodeJS.Timeout | undefined {
  if (notify.watchdogMs === undefined) return undefined;
  return setInterval(() => {
    if (isAlive()) void notify.send('WATCHDOG=1');
  }, notify.watchdogMs / 3);
}

function statusLine(chronicle: Chronicle): string {
  const { converged, bans, claims, conditions } = chronicle.record();
  const wrong = conditions.find(({ status }) => status === 'False');
  const counts = `${countText(bans, 'ban')}, ${countText(claims, 'claim')}`;
  return wrong === undefined
    ? `converged, ${counts}`
    : `${converged ? 'converged' : 'not converged'}, ${counts}; ${wrong.message}`;
}
