import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addChange, addNotice, hasTopic } from '../../src/notify/channel.ts';
import { noticeOf } from '../../src/notify/notice-of.ts';
import { emptyChannel } from '../../src/notify/state.ts';
import { channelOf, NOON, refusedOf } from '../support/messenger.ts';

const test = suite('what waits for a channel');

const ALARM = {
  key: 'silent web1',
  topic: 'silent',
  what: 'web1',
  reason: null,
  weight: 0,
  lines: [] as string[],
} as const;
const alarm = { ...ALARM, lines: [...ALARM.lines] };

test('is the end of an alarm only where its beginning was told, or waits too', () => {
  const [unknown, waits, told] = [emptyChannel(), emptyChannel(), emptyChannel()];
  told.told[alarm.key] = { alarm, since: NOON };
  addChange(waits, { alarm, since: NOON, over: null, now: NOON });

  for (const channel of [unknown, waits, told])
    addChange(channel, { alarm, since: NOON, over: NOON + 1, now: NOON + 1 });

  assert.equal(unknown.changes, {});
  assert.is(unknown.waitingSince, null);
  for (const { changes } of [waits, told]) assert.is(changes[alarm.key]?.over, NOON + 1);
});

test('is counted together for an alarm that comes and goes', () => {
  const channel = emptyChannel();

  for (const over of [null, 1, null, 2, null]) addChange(channel, { alarm, since: NOON, over, now: NOON });

  assert.equal(channel.changes[alarm.key], { alarm, since: NOON, over: null, times: 3, isWorse: false });
});

test('stays small whatever comes: a hundred notices of ten lines, and the others of each kind', () => {
  const channel = emptyChannel();

  for (let index = 0; index < 5_000; index += 1) {
    const notice = noticeOf(refusedOf(`web${index % 500}`, { reason: 'x'.repeat(9_000) }));
    if (notice !== undefined) addNotice(channel, notice, NOON);
  }

  assert.is(Object.keys(channel.notices).length, 101);
  assert.is(channel.notices['refused others']?.count, 4_000);
  assert.ok(JSON.stringify(channel).length < 500_000);
});

test('is of the topics that it wants', () => {
  assert.equal([hasTopic(channelOf(), 'drift'), hasTopic(channelOf(), 'ban')], [true, false]);
});

test.run();
