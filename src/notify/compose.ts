/**
 * Makes the next message of a channel of what waits for it, when it is time. In: the channel's state, which changes,
 * and the time. Out: the message, or undefined. Pure.
 */
import type { ChannelConfig } from '../config/channel-section.ts';
import { timeText, type Zone } from '../domain/words.ts';
import type { Manner } from './decide.ts';
import { factOfChange, factOfNotice } from './fact.ts';
import type { Fact, Level, Message } from './message.ts';
import { without, type ChannelState, type Change } from './state.ts';

interface Circumstances {
  readonly channel: ChannelConfig;
  readonly now: number;
  readonly id: number;
  readonly manner: Pick<Manner, 'name' | 'zone'>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** After one was told, the next of its kind waits; each time twice as long, until there was none for a day. */
const ALARM_REST = { first: 5 * MINUTE_MS, most: 30 * MINUTE_MS };
const NOTICE_REST = { first: 15 * MINUTE_MS, most: 4 * HOUR_MS };
const FORGET_REST_MS = 24 * HOUR_MS;

/** Asked for one by one, or made by hand. */
const RESTLESS: readonly Fact['topic'][] = ['ban', 'policy'];

/** Each has a few lines. */
const MOST_FACTS = 100;

/** Undefined: nothing waits, or not for long enough. */
export function compose(its: ChannelState, circumstances: Circumstances): Message | undefined {
  const { channel, now, id, manner } = circumstances;
  forget(its, now);
  if (its.outgoing !== null || its.sent.length >= channel.limit) return undefined;
  const isGrouped = its.waitingSince !== null && now - its.waitingSince >= channel.group;
  const facts = isGrouped || isUrgent(its, now) ? takeFacts(its, { now, limit: channel.limit }) : [];
  if (facts.length > 0) return messageOf(facts, { id, now, manner, lost: its.lost });
  const { digest } = its;
  its.digest = null;
  return digest ?? undefined;
}

/** That the firewall is not converged has been so for `after`: it waits for no company, and takes along what waits. */
function isUrgent({ changes, told, rests }: ChannelState, now: number): boolean {
  return Object.entries(changes).some(
    ([key, { alarm, over }]) =>
      alarm.topic === 'converged' &&
      over === null &&
      told[key] === undefined &&
      (rests[key]?.until ?? 0) <= now,
  );
}

/** What is told from now on counts as told. */
function takeFacts(
  its: ChannelState,
  { now, limit }: { readonly now: number; readonly limit: number },
): readonly Fact[] {
  const rests = (key: string): boolean => (its.rests[key]?.until ?? 0) > now;
  const facts: Fact[] = [];
  const kept: [string, Change][] = [];
  for (const [key, change] of Object.entries(its.changes)) {
    const told = its.told[key];
    if ((told === undefined || (change.over === null && change.isWorse)) && rests(key)) {
      kept.push([key, change]);
      continue;
    }
    if (change.over === null) {
      its.told[key] = { alarm: change.alarm, since: change.since };
      // It was over for a moment, which nobody was told.
      if (told !== undefined && !change.isWorse) continue;
      rest(its, key, { now, ...ALARM_REST });
    } else {
      its.told = without(its.told, key);
      if (told === undefined) rest(its, key, { now, ...ALARM_REST });
    }
    facts.push(factOfChange(change, now));
  }
  its.changes = Object.fromEntries(kept);
  // Half of the messages are kept for alarms.
  if (facts.length > 0 || its.sent.length < Math.max(1, Math.floor(limit / 2))) {
    for (const [key, notice] of Object.entries(its.notices)) {
      if (rests(key)) continue;
      its.notices = without(its.notices, key);
      if (!RESTLESS.includes(notice.topic)) rest(its, key, { now, ...NOTICE_REST });
      facts.push(factOfNotice(notice));
    }
  }
  const isEmpty = Object.keys(its.changes).length + Object.keys(its.notices).length === 0;
  // What rests is looked at again after the next `group`, and so what comes meanwhile is grouped too.
  its.waitingSince = isEmpty ? null : now;
  return facts;
}

function rest(
  its: ChannelState,
  key: string,
  { now, first, most }: { readonly now: number; readonly first: number; readonly most: number },
): void {
  const last = its.rests[key];
  const pause = last === undefined ? first : Math.min(last.pause * 2, most);
  its.rests[key] = { until: now + pause, pause };
}

function forget(its: ChannelState, now: number): void {
  // A clock that was set back must not silence a channel.
  its.sent = its.sent.filter((time) => Math.abs(now - time) < HOUR_MS);
  const rests = Object.entries(its.rests);
  const young = rests.filter(([, { until }]) => Math.abs(now - until) <= FORGET_REST_MS);
  if (young.length < rests.length) its.rests = Object.fromEntries(young);
}

interface Frame {
  readonly id: number;
  readonly now: number;
  readonly lost: number;
  readonly manner: Pick<Manner, 'name' | 'zone'>;
}

function messageOf(all: readonly Fact[], { id, now, lost, manner }: Frame): Message {
  const sorted = [...all].sort((a, b) => WORST.indexOf(levelOf(a)) - WORST.indexOf(levelOf(b)));
  const facts = sorted.slice(0, MOST_FACTS);
  const [first] = facts;
  const more = all.length > 1 ? `, and ${all.length - 1} more` : '';
  const left = all.length - facts.length;
  return {
    ...{ id: `${id}`, at: now, kind: 'events', level: first === undefined ? 'info' : levelOf(first) },
    subject: `${manner.name}: ${first?.title ?? ''}${more}`,
    lines: [
      ...facts.flatMap((fact, index) => [...(index === 0 ? [] : ['']), ...linesOf(fact, manner.zone)]),
      ...(left === 0 ? [] : ['', `and ${left} more`]),
      ...(lost === 0 ? [] : ['', `${lost} earlier messages could not be sent, and are lost`]),
    ],
    facts,
  };
}

const WORST: readonly Level[] = ['alarm', 'warning', 'over', 'info'];

function levelOf({ status, topic }: Fact): Level {
  if (status === 'began') return 'alarm';
  if (status === 'over') return 'over';
  return topic === 'drift' || topic === 'refused' ? 'warning' : 'info';
}

function linesOf({ title, since, until, count, lines }: Fact, zone: Zone): readonly string[] {
  const times =
    until === null || until === since
      ? timeText(since, zone)
      : `${timeText(since, zone)} to ${timeText(until, zone)}`;
  const left = count > lines.length && lines.length > 1 ? [`  … ${count - lines.length} more`] : [];
  return [
    `${title.charAt(0).toUpperCase()}${title.slice(1)}`,
    `  ${times}`,
    ...lines.map((line) => `  ${line}`),
    ...left,
  ];
}
