import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeState, encodeState, without } from '../../src/notify/state.ts';
import {
  bannedOf,
  channelOf,
  driftOf,
  falseCondition,
  MINUTE,
  NOON,
  refusedOf,
  serverOf,
  TestMessenger,
} from '../support/messenger.ts';

const test = suite('state.json of the messenger');

test('is read as it was written, with all that waits', () => {
  const messenger = new TestMessenger();
  messenger.isAway = true;
  messenger.conditions = [falseCondition('Converged', 'ApplyFailed')];
  messenger.step([driftOf(NOON), bannedOf('203.0.113.7')]);
  messenger.pass(10 * MINUTE);

  assert.equal(decodeState(encodeState(messenger.state)), messenger.state);
});

test('is none where it is cut off, or of another version', () => {
  const text = encodeState(new TestMessenger().state);

  for (const wrong of ['', text.slice(0, 50), text.replace('"version":1', '"version":2'), '[]'])
    assert.is(decodeState(wrong), undefined, wrong);
});

test('stays below two megabytes with 300 servers under attack and a mail server that is away', () => {
  const messenger = new TestMessenger({
    channels: [channelOf(), channelOf({ name: 'b' }), channelOf({ name: 'c' })],
  });
  messenger.isAway = true;
  messenger.servers = Array.from({ length: 300 }, (_, index) => serverOf(`web${index}`, NOON - 99 * MINUTE));

  for (let round = 0; round < 4; round += 1) {
    const events = Array.from({ length: 2_000 }, (_, index) => [
      refusedOf(`web${index % 300}`, { reason: 'x'.repeat(1_000), code: `c${round}` }),
      bannedOf(`2001:db8::${(round * 2_000 + index).toString(16)}`),
    ]);
    messenger.step(events.flat());
    messenger.now += MINUTE;
    messenger.step();
  }

  assert.ok(encodeState(messenger.state).length < 2_000_000, `${encodeState(messenger.state).length}`);
});

test('loses one key of a record, and no other', () => {
  assert.equal(without({ a: 1, b: 2 }, 'a'), { b: 2 });
});

test.run();
