/** Keeps what passes found, so that status.json can tell it, across restarts too. */
import { join } from 'node:path';
import { parseStatusRecord, type PassRecord, type StatusRecord } from './status-record.ts';
import { lastHeard } from '../claims/last-heard.ts';
import { BanspoolError, messageOf, messageWithMend } from '../system/error.ts';
import type { ProcessIdentity } from '../system/processes/process-identity.ts';
import { readStatusFile, writeStatusFile } from '../system/files/status-file.ts';
import type { Config } from '../config/config.ts';
import type { Exported } from '../exports/write-exports.ts';
import { findLastRefused } from '../spool/last-refused.ts';
import type { Memory } from '../pass/memory.ts';
import {
  conditionsOf,
  isFailure,
  isOfFullPass,
  preventsConvergence,
  type Problem,
} from '../domain/conditions.ts';
import type { Pass } from '../pass/pass.ts';
import type { PassObserver } from '../pass/observer.ts';
import type { World } from '../world/world.ts';
import { isoTime } from '../yaml/time.ts';

/** Passes told of. */
const MAX_PASSES = 10;

/** Where status.json is. */
export function statusPath({ runtime }: Config): string {
  return join(runtime, 'status.json');
}

/** What was last written down of this state, by whichever process; undefined where there is nothing. */
export function readRecord(config: Config): StatusRecord | undefined {
  const record = parseStatusRecord(readStatusFile(statusPath(config)));
  return record?.state === config.state ? record : undefined;
}

type Seen = Pick<Pass, 'sets' | 'lists' | 'bans' | 'claims' | 'ignored'>;

export class Chronicle implements PassObserver {
  readonly #world: World;
  readonly #memory: Memory;
  readonly #startedAt: number;
  /** What was last seen by a predecessor: the first pass of a life may take half a minute. */
  readonly #before: (Seen & Pick<StatusRecord, 'exports'>) | undefined;
  readonly #controller: ProcessIdentity | undefined;
  /** Not the whole pass: of a hundred thousand bans that came at once, it holds all that was said of them. */
  #last: (Seen & Pick<Pass, 'problems' | 'servers'>) | undefined;
  #passes: readonly PassRecord[];
  #failure: Problem | undefined;
  #lasting: readonly Problem[] = [];
  #unconfirmed: Pass['unconfirmed'] = [];
  #isWritable = true;
  #isRemembered = false;
  /** What is wrong between passes, beside what the last one found. */
  hindrances: readonly Problem[] = [];
  /** What became of each export; undefined where this process writes none, or has not yet. */
  exports: readonly Exported[] | undefined;
  failuresInARow = 0;

  /** `controller` is this process, where it goes on to run; without one, it makes single passes beside it. */
  constructor(world: World, memory: Memory, controller?: ProcessIdentity) {
    this.#world = world;
    this.#memory = memory;
    this.#controller = controller;
    this.#startedAt = world.now();
    const ours = readRecord(world.config);
    this.#before = ours;
    this.#passes = ours?.passes ?? [];
    for (const { name, lastHeard, intents, refused, discarded, lastRefused } of ours?.servers ?? []) {
      memory.spool.servers.set(name, {
        intents,
        refused,
        ...(lastHeard !== null && { lastHeard: Date.parse(lastHeard) }),
        ...(lastRefused !== null && { lastRefused }),
      });
      if (discarded > 0) memory.spool.rejector.discarded.set(name, discarded);
    }
  }

  /** A pass came to its end, well or not so well. */
  passed(pass: Pass): void {
    const { problems, servers, sets, lists, bans, claims, ignored } = pass;
    this.#last = { problems, servers, sets, lists, bans, claims, ignored };
    this.#unconfirmed = pass.unconfirmed;
    this.#failure = undefined;
    if (!this.#isRemembered) this.#rememberHeard(servers);
    if (pass.kind === 'full') this.#lasting = pass.problems.filter(isOfFullPass);
    this.failuresInARow = pass.problems.some(isFailure) ? this.failuresInARow + 1 : 0;
    this.#remember({
      kind: pass.kind,
      startedAt: isoTime(pass.startedAt),
      durationMs: pass.finishedAt - pass.startedAt,
      intents: pass.intents,
      refused: pass.refused.length,
      changes: pass.changes.reduce((sum, { changes }) => sum + changes.length, 0),
      drift: pass.drift.reduce((sum, { changes }) => sum + changes.length, 0),
      problem: pass.problems[0]?.message ?? null,
    });
  }

  /** After a reboot status.json is gone, and the state tells of whom it holds something. */
  #rememberHeard(names: readonly string[]): void {
    const heard = lastHeard(this.#memory.ledger.state);
    const now = this.#world.now();
    for (const name of names) {
      const time = heard.get(name);
      const record = this.#memory.spool.servers.get(name) ?? { intents: 0, refused: 0 };
      if (time !== undefined && record.lastHeard === undefined)
        this.#memory.spool.servers.set(name, { ...record, lastHeard: Math.min(time, now) });
    }
    this.#isRemembered = true;
  }

  /** A pass ended before it reached the firewall. */
  failed(error: unknown, { kind, startedAt }: Pick<Pass, 'kind' | 'startedAt'>): void {
    this.#failure = problemOf(error);
    this.failuresInARow += 1;
    const durationMs = this.#world.now() - startedAt;
    const problem = this.#failure.message;
    this.#remember({
      kind,
      startedAt: isoTime(startedAt),
      durationMs,
      intents: 0,
      refused: 0,
      changes: 0,
      drift: 0,
      problem,
    });
  }

  /** All that is not as it should be now. */
  get problems(): readonly Problem[] {
    return [...this.passProblems, ...this.hindrances];
  }

  /** All that the last pass found wrong. */
  get passProblems(): readonly Problem[] {
    if (this.#failure !== undefined) return [this.#failure];
    const others = (this.#last?.problems ?? []).filter((problem) => !isOfFullPass(problem));
    return [...others, ...this.#lasting];
  }

  /**
   * Writes status.json; a failure is logged once, since there is nobody else to tell. `underway`: a pass that takes
   * long.
   */
  write(underway?: Problem): void {
    try {
      writeStatusFile(
        statusPath(this.#world.config),
        `${JSON.stringify(this.record(underway), undefined, 1)}\n`,
      );
    } catch (error) {
      if (this.#isWritable)
        this.#world.log.error(`cannot write ${statusPath(this.#world.config)}: ${messageOf(error)}`);
      this.#isWritable = false;
    }
  }

  record(underway?: Problem): StatusRecord {
    const problems = underway === undefined ? this.problems : [underway, ...this.problems];
    const names = new Set([...(this.#last?.servers ?? []), ...this.#memory.spool.servers.keys()]);
    const { rejector, servers } = this.#memory.spool;
    const seen = this.#last ?? this.#before;
    return {
      version: 1,
      state: this.#world.config.state,
      mode: this.#world.config.mode,
      pid: process.pid,
      controller: this.#controller ?? readRecord(this.#world.config)?.controller ?? null,
      stoppedAt: null,
      startedAt: isoTime(this.#startedAt),
      updatedAt: isoTime(this.#world.now()),
      interval: this.#world.config.interval,
      converged:
        this.#last !== undefined && !problems.some(({ condition }) => preventsConvergence(condition)),
      conditions: conditionsOf(problems),
      sets: seen?.sets ?? [],
      lists: [...(seen?.lists ?? [])],
      bans: seen?.bans ?? 0,
      claims: seen?.claims ?? 0,
      ignored: seen?.ignored ?? 0,
      refused: Array.from(names).reduce(
        (sum, name) => sum + rejector.count(name) + (rejector.discarded.get(name) ?? 0),
        0,
      ),
      servers: Array.from(names)
        .sort()
        .map((name) => {
          const { lastHeard, intents = 0, refused = 0 } = servers.get(name) ?? {};
          const heard = lastHeard === undefined ? null : isoTime(lastHeard);
          const lastRefused = findLastRefused(this.#memory.spool, name) ?? null;
          const discarded = rejector.discarded.get(name) ?? 0;
          const kept = rejector.count(name);
          return { name, lastHeard: heard, intents, refused, discarded, kept, lastRefused };
        }),
      lastPass: this.#passes[0] ?? null,
      passes: this.#passes,
      failuresInARow: this.failuresInARow,
      unconfirmed: this.#unconfirmed.map(unconfirmedStatus),
      exports: this.exports?.map(exportStatus) ?? this.#before?.exports ?? [],
    };
  }

  #remember(pass: PassRecord): void {
    // A quick pass that found nothing to do would push out those that tell something.
    const [newest, ...older] = this.#passes;
    const isIdle =
      newest !== undefined && [newest.intents, newest.changes, newest.refused].every((count) => count === 0);
    this.#passes = [pass, ...(isIdle && newest.problem === null ? older : this.#passes)].slice(0, MAX_PASSES);
  }
}

function unconfirmedStatus({
  what,
  until,
  ban,
}: Pass['unconfirmed'][number]): StatusRecord['unconfirmed'][number] {
  const told = { what, until: isoTime(until) };
  if (ban === undefined) return { ...told, kind: 'policy' };
  const { ip, jail, ifConfirmed } = ban;
  const end = ifConfirmed === Infinity ? null : isoTime(ifConfirmed);
  return { ...told, kind: 'ban', ip: ip.text, jail, untilIfConfirmed: end };
}

function exportStatus({ file, format, written, problem }: Exported): StatusRecord['exports'][number] {
  const { entries = null, bytes = null } = written ?? {};
  const changedAt = written === undefined ? null : isoTime(written.changedAt);
  return { file, format, entries, bytes, changedAt, problem: problem ?? null };
}

function problemOf(error: unknown): Problem {
  const message = messageWithMend(error);
  if (!(error instanceof BanspoolError)) return { condition: 'Converged', reason: 'PassFailed', message };
  if (error.code === 'damaged-state') return { condition: 'StateReadable', reason: 'Damaged', message };
  if (error.code === 'locked') return { condition: 'Unlocked', reason: 'HeldByAnother', message };
  return { condition: 'Converged', reason: 'PassFailed', message };
}
