import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keepLifts } from '../../src/claims/keep-lifts.ts';
import { allClaims, type State } from '../../src/claims/state.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { ban, DAY, heard, HOUR, millis, unban, WHOLE } from './said.ts';

const lifts = suite('what the operator lifted');

/** An address that was banned for a day and unbanned, and when the peer published last. */
function stateOf(published: number): State {
  const state = heard(HOUR, ban(0, DAY), unban(1, { server: OPERATOR, jail: EVERY_JAIL }));
  return { ...state, peers: new Map([['fw2', { ...WHOLE, sequence: 1, published: millis(published) }]]) };
}

const forgottenAt = (state: State): readonly (readonly unknown[])[] =>
  Array.from(allClaims(state)).map(({ server, forget }) => [server, forget]);

lifts('is kept a week longer where it is to be forgotten within a day, and a peer is away', () => {
  const state = stateOf(0);

  const kept = keepLifts(state, millis(DAY - HOUR));

  assert.ok(Number(forgottenAt(state)[0]?.[1]) < millis(DAY + HOUR));
  assert.equal(forgottenAt(kept), [[OPERATOR, millis(8 * DAY - HOUR)]]);
  assert.is(keepLifts(kept, millis(DAY)), kept);
});

lifts('is forgotten in its time where all peers are there, or one is away for more than a year', () => {
  const there = stateOf(DAY - 2 * HOUR);
  const gone = stateOf(-365 * DAY);

  assert.is(keepLifts(there, millis(DAY - HOUR)), there);
  assert.is(keepLifts(gone, millis(DAY - HOUR)), gone);
});

lifts.run();
