/**
 * What is wrong now, as the controller wrote it down: one alarm while the firewall is not converged, one for each other
 * condition that makes `banspool status` exit with 1, one for each silent server. Pure.
 */
import { isHarmless, preventsConvergence } from '../domain/conditions.ts';
import { isServerName } from '../domain/origin.ts';
import type { Topic } from '../config/topics.ts';
import { durationText } from '../domain/words.ts';
import { runningCondition } from '../status/assess-status.ts';
import type { ConditionRecord, StatusRecord } from '../status/status-record.ts';
import { clean } from './message.ts';

/** Something that is wrong until it is over. */
export interface Alarm {
  readonly key: string;
  readonly topic: Extract<Topic, 'converged' | 'condition' | 'silent'>;
  /** The condition, or the server. */
  readonly what: string;
  readonly reason: string | null;
  readonly lines: readonly string[];
  /** How long its text is without numbers: it grows by a whole text where another peer, or folder, has the same. */
  readonly weight: number;
}

interface Circumstances {
  /** Undefined: there is none. */
  readonly record: StatusRecord | undefined;
  readonly now: number;
  /** Milliseconds after which a server is silent. */
  readonly silent: number;
  /** Keys of what was wrong before: who is silent stays so until a file comes, also over a restart. */
  readonly standing?: readonly string[];
}

/** Of a condition: a few peers have room. */
const MOST_WORDS = 1_200;

/** Where the record is old, `isOld`: all but the controller is as it was last seen, and not known. */
export function findAlarms(circumstances: Circumstances): {
  readonly alarms: readonly Alarm[];
  readonly isOld: boolean;
} {
  const { record, now } = circumstances;
  const interval = record?.interval ?? 0;
  const running = runningCondition({ record, interval, now, hasEnded: false });
  const conditions = [running, ...(record?.conditions ?? [])].filter(({ status }) => status === 'False');
  const blocking = conditions.filter(({ type }) => preventsConvergence(type));
  const others = conditions.filter(
    ({ type, reason }) => !preventsConvergence(type) && !isHarmless(type, reason),
  );
  const isOld = running.status === 'False';
  return {
    alarms: [
      ...notConverged(blocking),
      ...others.map(ofCondition),
      ...(record === undefined || isOld ? [] : silentServers(record, circumstances)),
    ],
    isOld,
  };
}

function notConverged(blocking: readonly ConditionRecord[]): readonly Alarm[] {
  const [first] = blocking;
  if (first === undefined) return [];
  return [
    {
      ...{
        key: 'converged',
        topic: 'converged',
        what: clean(first.type, 64),
        reason: clean(first.reason, 64),
      },
      lines: blocking.map(wordsOf),
      weight: 0,
    },
  ];
}

function ofCondition(condition: ConditionRecord): Alarm {
  const what = clean(condition.type, 64);
  const reason = clean(condition.reason, 64);
  const weight = condition.message.replace(/\d+/g, '').length;
  return { key: `condition ${what}`, topic: 'condition', what, reason, lines: [wordsOf(condition)], weight };
}

function wordsOf({ type, reason, message }: ConditionRecord): string {
  return clean(`${type} is false (${reason}): ${message}`, MOST_WORDS);
}

/** Nobody could be heard before the controller ran: what waited at a server comes within two of its snapshots. */
const HEAD_START_MS = 600_000;

function silentServers(
  record: StatusRecord,
  { now, silent, standing = [] }: Circumstances,
): readonly Alarm[] {
  const began = Date.parse(record.startedAt);
  return record.servers.flatMap(({ name, lastHeard }): readonly Alarm[] => {
    if (lastHeard === null || !isServerName(name)) return [];
    const heard = Date.parse(lastHeard);
    const key = `silent ${name}`;
    if (now - heard <= silent) return [];
    if (!standing.includes(key) && now - began <= Math.min(silent, HEAD_START_MS)) return [];
    const lines = [
      `the last file of ${name} came ${durationText(now - heard)} ago; fix: run banspool-send check on ${name}; ` +
        `if it is gone, run banspool server remove ${name}`,
    ];
    return [{ key, topic: 'silent', what: name, reason: null, lines, weight: 0 }];
  });
}
