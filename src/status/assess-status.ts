/**
 * Puts what the controller wrote down, and what costs nothing to see, together into one status. A health check is asked
 * every minute of firewalls with a million claims: reading these, or the firewall, is for `banspool plan`.
 */
import { isHarmless, preventsConvergence, type Condition, type ReasonOf } from '../domain/conditions.ts';
import type {
  ConditionRecord,
  ExportStatus,
  PassRecord,
  ServerStatus,
  SetStatus,
  StatusRecord,
  UnconfirmedStatus,
} from './status-record.ts';
import type { Mode } from '../config/mode.ts';
import { agoText, timeText } from '../domain/words.ts';

export interface Status {
  /** Of the last pass. */
  readonly mode: Mode;
  readonly converged: boolean;
  /** False too when only something beside the firewall is wrong, such as a full disk. */
  readonly healthy: boolean;
  readonly conditions: readonly ConditionRecord[];
  /** As the controller last saw them. */
  readonly sets: readonly SetStatus[];
  /** Of policy.yaml. */
  readonly lists: StatusRecord['lists'];
  readonly bans: number;
  readonly claims: number;
  /** Claims that the policy does not let be enforced. */
  readonly ignored: number;
  readonly refused: number;
  /** Files in the spool. */
  readonly waiting: number;
  readonly servers: readonly (ServerStatus & Waiting)[];
  readonly lastPass: PassRecord | null;
  readonly passes: readonly PassRecord[];
  readonly unconfirmed: readonly UnconfirmedStatus[];
  readonly exports: readonly ExportStatus[];
}

interface Waiting {
  /** Files of it in the spool. */
  readonly waiting: number;
  /** There are more than were counted. */
  readonly moreWaiting: boolean;
}

export interface AssessOptions {
  readonly record: StatusRecord | undefined;
  readonly waiting: ReadonlyMap<string, { readonly files: number; readonly isAll: boolean }>;
  /** Milliseconds. */
  readonly interval: number;
  readonly now: number;
  /** The disk that the state is on can only be read. */
  readonly isReadOnly: boolean;
  /** True when the process of the controller, as the record has it, has ended. */
  readonly hasEnded: boolean;
  /** What the controller may not look at, and the caller did. */
  readonly seen?: readonly ConditionRecord[];
}

/** A pass may take this long beyond its time before it counts as missing. */
const LATE_MS = 30_000;

/** Assesses. */
export function assessStatus(options: AssessOptions): Status {
  const { record, waiting } = options;
  const found = [runningCondition(options), ...diskConditions(options), ...(options.seen ?? [])];
  const conditions = [
    ...(record?.conditions ?? []).filter(({ type }) => !found.some((condition) => condition.type === type)),
    ...found,
  ];
  const wrong = conditions.filter(({ status }) => status === 'False');
  const converged = !wrong.some(({ type }) => preventsConvergence(type));
  const count = (name: string): Waiting => {
    const { files, isAll } = waiting.get(name) ?? { files: 0, isAll: true };
    return { waiting: files, moreWaiting: !isAll };
  };
  const known = record?.servers ?? [];
  const strangers = Array.from(waiting.keys()).filter(
    (name) => !known.some((server) => server.name === name),
  );
  const servers = [
    ...known,
    ...strangers.map((name) => ({
      name,
      lastHeard: null,
      intents: 0,
      refused: 0,
      discarded: 0,
      kept: 0,
      lastRefused: null,
    })),
  ].map((server) => ({ ...server, ...count(server.name) }));
  return {
    mode: record?.mode ?? 'enforce',
    converged,
    healthy: converged && wrong.every(({ type, reason }) => isHarmless(type, reason)),
    conditions,
    sets: record?.sets ?? [],
    lists: record?.lists ?? [],
    bans: record?.bans ?? 0,
    claims: record?.claims ?? 0,
    ignored: record?.ignored ?? 0,
    refused: record?.refused ?? 0,
    waiting: servers.reduce((sum, server) => sum + server.waiting, 0),
    servers,
    lastPass: record?.lastPass ?? null,
    passes: record?.passes ?? [],
    unconfirmed: record?.unconfirmed ?? [],
    exports: record?.exports ?? [],
  };
}

/** status.json cannot be written there either, so nobody else may have told. */
function diskConditions({ isReadOnly }: AssessOptions): readonly ConditionRecord[] {
  if (!isReadOnly) return [];
  const message =
    'the state is on a read-only file system; intents stay in the spool until it can be written';
  return [
    {
      type: 'StateSaved' satisfies Condition,
      status: 'False',
      reason: 'ReadOnly' satisfies ReasonOf<'StateSaved'>,
      message,
    },
  ];
}

/** Whether anybody makes passes. */
export function runningCondition({
  record,
  interval,
  now,
  hasEnded,
}: Pick<AssessOptions, 'record' | 'interval' | 'now' | 'hasEnded'>): ConditionRecord {
  const isFalse = (reason: ReasonOf<'ControllerRunning'>, message: string): ConditionRecord => ({
    type: 'ControllerRunning' satisfies Condition,
    status: 'False',
    reason,
    message,
  });
  if (record === undefined) return isFalse('NeverSeen', `no pass has been recorded; fix: ${START}`);
  const { controller, stoppedAt } = record;
  if (stoppedAt !== null) {
    const ago = agoText(Date.parse(stoppedAt), now);
    return isFalse(
      'Stopped',
      `the controller was stopped ${ago}, and rules stay as they were; fix: ${START}`,
    );
  }
  if (controller !== null && hasEnded)
    return isFalse(
      'Ended',
      `the controller (pid ${controller.pid}) was killed or crashed, and rules stay as they were; fix: ${START}`,
    );
  const at = Date.parse(record.updatedAt);
  if (Math.abs(now - at) <= interval + LATE_MS)
    return {
      type: 'ControllerRunning' satisfies Condition,
      status: 'True',
      reason: 'AsExpected',
      message: '',
    };
  if (at > now) {
    // One that runs makes this true again within the interval, which it measures by a clock that nobody sets.
    const message = `the last report of the controller is dated ${timeText(at)}, in the future: the clock was set back, and no pass has run since`;
    return isFalse('Silent', message);
  }
  const message = `the last report of the controller was written ${agoText(at, now)}, but a pass is due every ${Math.round(interval / 1000)} s`;
  return isFalse('Silent', message);
}

const START = 'systemctl start banspool';
