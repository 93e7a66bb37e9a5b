/**
 * What happened, as events: of the record of a pass, and of the conditions that stand otherwise than before. It knows
 * what the journal tells the log. Of each kind there are so many at the most, and then how many more there were.
 */
import type { ClaimChange } from '../claims/diff.ts';
import { conditionsOf, type ConditionState, type Problem } from '../domain/conditions.ts';
import { refusalText } from '../domain/refusals.ts';
import type { Repair } from '../firewall/repairs.ts';
import type { Pass } from '../pass/pass.ts';
import type { Refused } from '../spool/reject.ts';
import { isoTime } from '../yaml/time.ts';
import type { FeedEvent } from './event.ts';

/** Of one kind in one pass: a flood in the spool must not become one here. */
const MAX_OF_KIND = 1_000;

/** Of one event: a flood of programs is a flood all the same. */
const MAX_CULPRITS = 20;

type Told = Pick<Pass, 'enforcedAt' | 'claimChanges' | 'refused' | 'repairs' | 'policyLines'>;

/** Of a pass: bans that came, changed and ended, what was refused, what was put back, what the policy lifted. */
export function eventsOfPass(pass: Told): readonly FeedEvent[] {
  const time = isoTime(pass.enforcedAt);
  const ofKind = (kind: ClaimChange['kind']): readonly FeedEvent[] =>
    some(
      { kind, time },
      pass.claimChanges.filter((change) => change.kind === kind),
      (change) => eventOfChange(change, time),
    );
  return [
    ...(['banned', 'changed', 'ended'] as const).flatMap(ofKind),
    ...some({ kind: 'refused', time }, pass.refused, (each) => eventOfRefused(each, time)),
    ...some({ kind: 'drift', time }, pass.repairs, (repair) => eventOfRepair(repair, time)),
    ...some({ kind: 'policy', time }, pass.policyLines, (line) => ({ kind: 'policy', time, line })),
  ];
}

/** Of each condition that became false or true, or is false for another reason than before. */
export function eventsOfConditions(
  before: readonly ConditionState[],
  problems: readonly Problem[],
  now: number,
): readonly FeedEvent[] {
  const known = new Map(before.map((each) => [each.type, each]));
  return conditionsOf(problems).flatMap((each): FeedEvent[] => {
    const { type, status, reason, message } = each;
    const old = known.get(type) ?? { status: 'True', message: '' };
    if (old.status === status && old.message === message) return [];
    return [{ kind: 'condition', time: isoTime(now), condition: type, status, reason, message }];
  });
}

/** Only those that are told are made: of a hundred thousand, that takes as long as enforcing them. */
function some<T>(
  { kind, time }: Pick<FeedEvent, 'kind' | 'time'>,
  all: readonly T[],
  eventOf: (each: T) => FeedEvent,
): readonly FeedEvent[] {
  const told = all.slice(0, MAX_OF_KIND).map(eventOf);
  const count = all.length - told.length;
  return count === 0 ? told : [...told, { kind: 'more', time, of: kind, count }];
}

function eventOfChange(change: ClaimChange, time: string): FeedEvent {
  const { jail, server } = change;
  const named = { time, ip: change.ip.text, jail, server };
  if (change.kind === 'ended') return { kind: 'ended', ...named, why: change.why, peer: change.peer ?? null };
  const { failures = null, reason = null } = change.details ?? {};
  const until = change.until === Infinity ? null : isoTime(change.until);
  return { kind: change.kind, ...named, until, failures, reason };
}

function eventOfRepair({ family, changes, culprits, line }: Repair, time: string): FeedEvent {
  return { kind: 'drift', time, family, changes, culprits: culprits.slice(0, MAX_CULPRITS), line };
}

function eventOfRefused({ server, name, refusal }: Refused, time: string): FeedEvent {
  return { kind: 'refused', time, server, file: name, code: refusal.code, reason: refusalText(refusal) };
}
