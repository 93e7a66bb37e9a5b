import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isDue, settle, type Sent } from '../../src/notify/settle.ts';
import { emptyChannel, emptyState, type NotifyState } from '../../src/notify/state.ts';
import { testMessage } from '../../src/notify/preview-messages.ts';
import { DAY, MINUTE, NOON, SECOND } from '../support/messenger.ts';

const test = suite('what comes of a message');

const AWAY: Sent = { kind: 'failed', why: 'away', isRefusal: false };
const REFUSED: Sent = { kind: 'failed', why: '550 no', isRefusal: true };

function waiting(): NotifyState {
  const message = { ...testMessage(NOON, { name: 'fw1', channel: 'ops' }), id: '1' };
  const outgoing = { message, tries: 0, refusals: 0, notBefore: 0, failure: null };
  return { ...emptyState(NOON), channels: { ops: { ...emptyChannel(), outgoing, lost: 2 } } };
}

const of = (state: NotifyState) => state.channels['ops'];
const put = (state: NotifyState, sent: Sent, now = NOON) =>
  settle(state, { channel: 'ops', id: '1', sent, now });

test('that was sent is remembered for the limit, and lets the next one go', () => {
  const { state, isLost } = put(waiting(), { kind: 'sent', answer: '250 ok' });

  assert.equal([of(state)?.outgoing, of(state)?.sent, of(state)?.lost, isLost], [null, [NOON], 0, false]);
});

test('that was not is tried again after 10 s, doubled each time, up to a quarter of an hour', () => {
  let state = waiting();
  const pauses: number[] = [];
  for (let index = 0; index < 10; index += 1) {
    ({ state } = put(state, AWAY));
    pauses.push(((of(state)?.outgoing?.notBefore ?? 0) - NOON) / SECOND);
  }

  assert.equal(pauses, [10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
});

test('that is refused for good five times, or is three days old, makes way for the next', () => {
  let refused = waiting();
  for (let index = 0; index < 4; index += 1) ({ state: refused } = put(refused, REFUSED));
  assert.not(of(refused)?.outgoing === null);

  const fifth = put(refused, REFUSED);
  const old = put(waiting(), AWAY, NOON + 3 * DAY + 1);

  for (const { state, isLost } of [fifth, old])
    assert.equal([of(state)?.outgoing, of(state)?.lost, isLost], [null, 3, true]);
});

test('that nobody waits for any more changes nothing', () => {
  const state = waiting();

  assert.is(settle(state, { channel: 'ops', id: '2', sent: AWAY, now: NOON }).state, state);
  assert.is(settle(state, { channel: 'gone', id: '1', sent: AWAY, now: NOON }).state, state);
});

test('is not put off by a clock that was set back', () => {
  assert.equal(
    [0, 1, 15 * MINUTE, 2 * DAY].map((ahead) => isDue({ notBefore: NOON + ahead }, NOON)),
    [true, false, false, true],
  );
});

test.run();
