/** What `banspool top` may have seen: little, and what strangers would have it show. */
import * as fc from 'fast-check';
import type { FeedEvent } from '../../src/feed/event.ts';
import { UTC } from '../../src/domain/words.ts';
import { assessStatus, type Status } from '../../src/status/assess-status.ts';
import type { Seen, SeenBan } from '../../src/top/seen.ts';

export const NOW = Date.parse('2026-11-29T12:00:00.000Z');

export const STATUS: Status = {
  ...assessStatus({
    ...{ record: undefined, waiting: new Map(), interval: 30_000, now: NOW, isReadOnly: false },
    hasEnded: false,
  }),
  ...{ converged: true, healthy: true, conditions: [], bans: 2, claims: 3 },
};

export function serverOf(
  name: string,
  fields: Partial<Status['servers'][number]> = {},
): Status['servers'][number] {
  return {
    ...{ name, lastHeard: null, intents: 0, refused: 0, discarded: 0, kept: 0, lastRefused: null },
    ...{ waiting: 0, moreWaiting: false },
    ...fields,
  };
}

export function banOf(ip: string, fields: Partial<SeenBan> = {}): SeenBan {
  return {
    ...{ ip, jail: 'sshd', servers: ['web1'], since: NOW - 90_000, packets: 0, bytes: 0, rate: null },
    ...fields,
  };
}

export function bannedEvent(
  ip: string,
  fields: Partial<Extract<FeedEvent, { failures: unknown }>> = {},
): FeedEvent {
  return {
    ...{ kind: 'banned', time: '2026-11-29T11:59:30.000Z', ip, jail: 'sshd', server: 'web1' },
    ...{ until: '2026-11-29T13:00:00.000Z', failures: 5, reason: null },
    ...fields,
  };
}

export function seenOf(fields: Partial<Seen> = {}): Seen {
  return {
    ...{
      now: NOW,
      zone: UTC,
      host: 'fw1',
      status: STATUS,
      checkedAt: NOW - 3_000,
      events: [],
      eventsTrouble: undefined,
      minutes: [0, 4, 2],
    },
    bans: { kind: 'read', at: NOW - 2_000, bans: [], peers: [], uncounted: undefined },
    ...fields,
  };
}

/** Control characters, sequences for terminals, text from the right, wide and combining characters, halves of any. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '\u001b[2J',
          '\u001b]0;x\u0007',
          '\u009b31m',
          '\r\n',
          '\t',
          '\u202e',
          '\u05d0\u05d1',
          '\u0627',
          'e\u0301',
        ],
        ...[
          '\u0301\u0301',
          '\u6f22\u5b57',
          '\uff41',
          '\u{1f468}\u200d\u{1f469}',
          '\ud800',
          '\u2028',
          ' ',
          'a'.repeat(90),
        ],
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);

/** All that a server, a file or a message could fill. */
export const hostileSeen: fc.Arbitrary<Seen> = fc
  .record({
    texts: fc.array(hostileText, { minLength: 1, maxLength: 12 }),
    converged: fc.boolean(),
    minutes: fc.array(fc.nat(1_000_000), { maxLength: 300 }),
    number: fc.nat(),
  })
  .map(({ texts, converged, minutes, number }) => {
    const text = (index: number): string => texts[index % texts.length] ?? '';
    const condition = { type: text(0), status: 'False' as const, reason: text(1), message: text(2) };
    const ban = banOf(text(3), {
      jail: text(4),
      servers: texts,
      packets: number,
      bytes: number,
      rate: number / 7,
    });
    const peer = { heard: null, claims: number, enforced: number, refused: number, trouble: text(5) };
    return seenOf({
      host: text(6),
      minutes,
      status: {
        ...STATUS,
        converged,
        conditions: texts.map(() => condition),
        servers: texts.map((name) => serverOf(name, { waiting: number, moreWaiting: true })),
        unconfirmed: [{ what: text(7), until: new Date(NOW).toISOString() }],
      },
      events: texts.flatMap((name) => [
        bannedEvent(name, { reason: text(8), jail: text(9), time: text(10) }),
        { kind: 'drift', time: text(1), family: 'ipv4', changes: 1, culprits: [name], line: name },
        { kind: 'more', time: text(2), of: name, count: number },
      ]),
      bans: {
        ...{ kind: 'read', at: NOW, bans: texts.map(() => ban), uncounted: undefined },
        peers: texts.map((name) => ({ name, ...peer })),
      },
    });
  });
