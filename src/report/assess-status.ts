/** Puts what the controller wrote down and what is there now together into one status. */
import type { ConditionRecord, PassRecord, ServerStatus, SetStatus, StatusRecord } from './status-record.ts';
import { agoText, countText, timeText } from './words.ts';

export interface Status {
  readonly converged: boolean;
  /** False too when only something beside the firewall is wrong, such as a full disk. */
  readonly healthy: boolean;
  readonly conditions: readonly ConditionRecord[];
  /** As the controller last saw them. */
  readonly sets: readonly SetStatus[];
  readonly bans: number;
  readonly claims: number;
  /** Claims that the policy does not let be enforced. */
  readonly ignored: number;
  readonly refused: number;
  /** Files in the spool. */
  readonly waiting: number;
  readonly servers: readonly (ServerStatus & { readonly waiting: number })[];
  readonly lastPass: PassRecord | null;
  readonly passes: readonly PassRecord[];
}

export interface LiveStatus {
  readonly bans: number;
  readonly claims: number;
  readonly ignored: number;
  /** What a pass would do now. */
  readonly changes: number;
  readonly missingHooks: readonly string[];
  readonly unreadable: readonly string[];
}

export interface AssessOptions {
  readonly record: StatusRecord | undefined;
  readonly waiting: ReadonlyMap<string, readonly unknown[]>;
  /** Milliseconds. */
  readonly interval: number;
  readonly now: number;
  /** The disk that the state is on can only be read. */
  readonly isReadOnly: boolean;
  readonly live?: LiveStatus;
  /** Why the live half could not be had. */
  readonly failure?: string;
}

/** A pass may take this long beyond its time before it counts as missing. */
const LATE_MS = 30_000;

/** Wrong, but nothing that an alarm should ring for: a hook to come, a name in the spool, noise. */
const HARMLESS = new Set(['HooksPresent', 'SpoolReadable', 'FirewallReadable', 'SetsUsable', 'DriftWatched']);

/** Of the spool: nobody is heard, or what is refused piles up. No server can bring these about. */
const HARMFUL = new Set(['Missing', 'RejectedUnreadable', 'CannotReject']);

function isHarmless({ type, reason }: ConditionRecord): boolean {
  return HARMLESS.has(type) && !(type === 'SpoolReadable' && HARMFUL.has(reason));
}

/** Assesses. */
export function assessStatus(options: AssessOptions): Status {
  const { record, waiting, live } = options;
  const found = [...liveConditions(options), ...diskConditions(options)];
  const conditions = [
    ...(record?.conditions ?? []).filter(({ type }) => !found.some((condition) => condition.type === type)),
    ...found,
  ];
  const isFalse = (type: string): boolean =>
    conditions.some((each) => each.type === type && each.status === 'False');
  const converged = !['Converged', 'StateReadable', 'Unlocked', 'ControllerRunning'].some(isFalse);
  const count = (name: string): number => waiting.get(name)?.length ?? 0;
  const known = record?.servers ?? [];
  const strangers = Array.from(waiting.keys()).filter(
    (name) => !known.some((server) => server.name === name),
  );
  const servers = [
    ...known,
    ...strangers.map((name) => ({ name, lastHeard: null, intents: 0, refused: 0, discarded: 0 })),
  ].map((server) => ({ ...server, waiting: count(server.name) }));
  return {
    converged,
    healthy: converged && conditions.every((each) => each.status === 'True' || isHarmless(each)),
    conditions,
    sets: record?.sets ?? [],
    bans: live?.bans ?? record?.bans ?? 0,
    claims: live?.claims ?? record?.claims ?? 0,
    ignored: live?.ignored ?? 0,
    refused: record?.refused ?? 0,
    waiting: servers.reduce((sum, server) => sum + server.waiting, 0),
    servers,
    lastPass: record?.lastPass ?? null,
    passes: record?.passes ?? [],
  };
}

function liveConditions({ record, live, failure, interval, now }: AssessOptions): readonly ConditionRecord[] {
  const recorded = (type: string): ConditionRecord | undefined =>
    record?.conditions.find((each) => each.type === type);
  const running = runningCondition(record, interval, now);
  if (failure !== undefined)
    return [running, { type: 'Converged', status: 'False', reason: 'Unknown', message: failure }];
  if (live === undefined) return [running];
  if (live.unreadable.length > 0) {
    // Without the rights to look, the controller's word stands.
    const message = `seen by the controller; this user cannot look: ${live.unreadable.join('; ')}`;
    const word = recorded('Converged');
    if (word?.status === 'True') return [running, { ...word, reason: 'AsRecorded', message }];
    return [running, word ?? { type: 'Converged', status: 'False', reason: 'Unknown', message }];
  }
  if (live.changes === 0) {
    return [running, { type: 'Converged', status: 'True', reason: 'AsExpected', message: '' }];
  }
  const said = recorded('Converged');
  const changes = countText(live.changes, 'change');
  const message =
    said?.status === 'False'
      ? `${said.message} (${changes} to make)`
      : `${changes} to make; banspool plan shows them`;
  const reason = said?.status === 'False' ? said.reason : 'ChangesToMake';
  return [running, { type: 'Converged', status: 'False', reason, message }];
}

/** status.json cannot be written there either, so nobody else may have told. */
function diskConditions({ isReadOnly }: AssessOptions): readonly ConditionRecord[] {
  if (!isReadOnly) return [];
  const message =
    'the state is on a read-only file system; intents stay in the spool until it can be written';
  return [{ type: 'StateSaved', status: 'False', reason: 'ReadOnly', message }];
}

function runningCondition(record: StatusRecord | undefined, interval: number, now: number): ConditionRecord {
  const type = 'ControllerRunning';
  if (record === undefined) {
    return {
      type,
      status: 'False',
      reason: 'NeverSeen',
      message: 'no pass was ever recorded: systemctl start banspool',
    };
  }
  const at = Date.parse(record.updatedAt);
  if (Math.abs(now - at) <= interval + LATE_MS)
    return { type, status: 'True', reason: 'AsExpected', message: '' };
  if (at > now) {
    // One that runs makes this true again within the interval, which it measures by a clock that nobody sets.
    const message = `the last word of it is dated ${timeText(at)}, which is yet to come: the clock was set back, and no pass was made since`;
    return { type, status: 'False', reason: 'Silent', message };
  }
  const message = `the last word of it is of ${agoText(at, now)}, and a pass is due every ${Math.round(interval / 1000)} s`;
  return { type, status: 'False', reason: 'Silent', message };
}
