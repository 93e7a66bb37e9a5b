import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compose } from '../../src/notify/compose.ts';
import { addNotice, addChange } from '../../src/notify/channel.ts';
import { noticeOf } from '../../src/notify/notice-of.ts';
import { emptyChannel, type ChannelState } from '../../src/notify/state.ts';
import { channelOf, driftOf, HOUR, mannerOf, MINUTE, NOON } from '../support/messenger.ts';

const test = suite('the next message');

const manner = mannerOf();
const next = (its: ChannelState, now: number, limit = 10) =>
  compose(its, { channel: channelOf({ limit }), now, id: 7, manner });

function drift(its: ChannelState, culprit: string, now = NOON): void {
  const notice = noticeOf(driftOf(now, [culprit]));
  if (notice !== undefined) addNotice(its, notice, now);
}

function alarm(its: ChannelState, name: string): void {
  const value = {
    key: `silent ${name}`,
    topic: 'silent',
    what: name,
    reason: null,
    weight: 0,
    lines: ['fix: look'],
  } as const;
  addChange(its, { alarm: { ...value, lines: [...value.lines] }, since: NOON, over: null, now: NOON });
}

test('waits for what comes in the next minute, and has the worst first', () => {
  const its = emptyChannel();
  drift(its, 'nft');
  alarm(its, 'web1');

  assert.is(next(its, NOON + MINUTE - 1), undefined);
  const message = next(its, NOON + MINUTE);

  assert.equal(
    [message?.id, message?.subject, message?.level],
    ['7', 'fw1: server web1 is silent, and 1 more', 'alarm'],
  );
  assert.equal(message?.lines, [
    ...['Server web1 is silent', '  2026-11-30 12:00:00 UTC', '  fix: look', ''],
    ...['Drift: 114 changes by nft undone', '  2026-11-30 12:00:00 UTC'],
    '  drift: nft emptied fail2ban-sshd (114 rules); restored in 33 ms',
  ]);
  assert.is(its.waitingSince, null);
});

test('does not wait where it tells that the firewall is not converged, and takes along what waits', () => {
  const its = emptyChannel();
  drift(its, 'nft');
  const what = { key: 'converged', topic: 'converged', what: 'Converged', reason: 'ApplyFailed' } as const;
  const alarmed = { alarm: { ...what, weight: 0, lines: [] }, since: NOON, now: NOON + 1 };
  addChange(its, { ...alarmed, over: null });

  assert.is(next(its, NOON + 1)?.facts.length, 2);

  // Its end waits for company, and so does the same again while it rests.
  addChange(its, { ...alarmed, over: NOON + 2, now: NOON + 2 });
  assert.is(next(its, NOON + 2), undefined);
  assert.is(next(its, NOON + 2 + MINUTE)?.level, 'over');
  addChange(its, { ...alarmed, over: null, now: NOON + 2 * MINUTE });
  assert.is(next(its, NOON + 2 * MINUTE), undefined);
});

test('waits while another is on its way, and beyond the limit of an hour', () => {
  const its = emptyChannel();
  alarm(its, 'web1');
  its.sent = [NOON - 40 * MINUTE, NOON - 30 * MINUTE];

  assert.is(next(its, NOON + 19 * MINUTE, 2), undefined);
  assert.is(next(its, NOON + 20 * MINUTE, 2)?.level, 'alarm');
});

test('leaves half of the messages of an hour to alarms', () => {
  const its = emptyChannel();
  its.sent = [1, 2, 3, 4, 5].map((minute) => NOON - minute * MINUTE);
  drift(its, 'nft');
  assert.is(next(its, NOON + MINUTE), undefined);

  alarm(its, 'web1');

  assert.is(next(its, NOON + 3 * MINUTE)?.facts.length, 2);
});

test('of a thousand facts has the first hundred, and says how many there are', () => {
  const its = emptyChannel();
  for (let index = 0; index < 1_000; index += 1) alarm(its, `web${index}`);

  const message = next(its, NOON + MINUTE);

  assert.is(message?.subject, 'fw1: server web0 is silent, and 999 more');
  assert.equal([message?.facts.length, message?.lines.at(-1)], [100, 'and 900 more']);
  assert.is(Object.keys(its.told).length, 1_000);
});

test('says how many before it are lost', () => {
  const its = emptyChannel();
  its.lost = 2;
  drift(its, 'nft');

  assert.is(next(its, NOON + HOUR)?.lines.at(-1), '2 earlier messages could not be sent, and are lost');
});

test.run();
