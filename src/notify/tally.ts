/** What happened since the last digest, counted; what there is no room for is counted as `others`. Pure. */
import * as v from 'valibot';
import { programOf } from '../firewall/drift-words.ts';
import type { FeedEvent } from '../feed/event.ts';
import { clean } from './message.ts';

const counts = v.record(v.string(), v.number());

export const tallySchema = v.object({
  /** In milliseconds since 1970. */
  since: v.number(),
  banned: v.number(),
  ended: v.number(),
  /** By `web1 sshd`. */
  bannedBy: counts,
  /** By address. */
  addresses: counts,
  /** By culprit: changes that were undone. */
  drift: counts,
  /** By `web1 too-wide`. */
  refused: counts,
  /** The newest. */
  policy: v.array(v.string()),
  /** Alarms that began, in their words. */
  alarms: v.array(v.string()),
  /** The feed had a gap. */
  isPartial: v.boolean(),
});

export type Tally = v.InferOutput<typeof tallySchema>;

/** What a table holds; addresses, of which an attack has many, more. */
const MOST_ROWS = 200;
const MOST_ADDRESSES = 2_000;
const MOST_LINES = 20;

/** The row of what there is no room for. */
export const OTHERS = 'others';

export function emptyTally(since: number): Tally {
  return {
    since,
    banned: 0,
    ended: 0,
    bannedBy: {},
    addresses: {},
    drift: {},
    refused: {},
    policy: [],
    alarms: [],
    isPartial: false,
  };
}

/** Counts the event in; `tally` changes. */
export function countEvent(tally: Tally, event: FeedEvent): void {
  switch (event.kind) {
    case 'banned':
      tally.banned += 1;
      add(tally.bannedBy, `${event.server} ${event.jail}`, { count: 1, most: MOST_ROWS });
      add(tally.addresses, event.ip, { count: 1, most: MOST_ADDRESSES });
      break;
    case 'ended':
      tally.ended += 1;
      break;
    case 'refused':
      add(tally.refused, `${event.server} ${event.code}`, { count: 1, most: MOST_ROWS });
      break;
    case 'drift':
      add(tally.drift, culpritOf(event.culprits), { count: event.changes, most: MOST_ROWS });
      break;
    case 'policy':
      tally.policy = [...tally.policy, clean(event.line)].slice(-MOST_LINES);
      break;
    case 'more':
      countMore(tally, event);
      break;
    case 'changed':
    case 'condition':
    case 'started':
    case 'stopped':
      break;
  }
}

/** An alarm began, in words. */
export function countAlarm(tally: Tally, words: string): void {
  tally.alarms = [...tally.alarms, words].slice(-MOST_LINES);
}

/** `iptables, nft`, without process ids, which differ each time. */
export function culpritOf(culprits: readonly string[]): string {
  const names = culprits.map(programOf);
  return names.length === 0 ? 'an unknown program' : clean([...new Set(names)].sort().join(', '), 80);
}

function countMore(tally: Tally, { of, count }: { readonly of: string; readonly count: number }): void {
  if (of === 'banned') {
    tally.banned += count;
    add(tally.bannedBy, OTHERS, { count, most: Infinity });
  }
  if (of === 'ended') tally.ended += count;
  if (of === 'refused') add(tally.refused, OTHERS, { count, most: Infinity });
  if (of === 'drift') add(tally.drift, OTHERS, { count, most: Infinity });
}

function add(
  rows: Record<string, number>,
  name: string,
  { count, most }: { readonly count: number; readonly most: number },
): void {
  const key = clean(name, 160);
  const isKnown = Object.hasOwn(rows, key);
  const size = sizes.get(rows) ?? Object.keys(rows).length;
  const row = isKnown || size < most ? key : OTHERS;
  const known = Object.hasOwn(rows, row) ? rows[row] : undefined;
  sizes.set(rows, known === undefined ? size + 1 : size);
  rows[row] = (known ?? 0) + count;
}

/** How many rows there are: to count 2,000 of them for each of 1,000 bans takes longer than all the rest. */
const sizes = new WeakMap<object, number>();
