import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SentIntent } from '../../src/claims/fold.ts';
import { allClaims } from '../../src/claims/state.ts';
import { isTrial, lateTrialsIn, trialsIn, type Trial } from '../../src/claims/trials.ts';
import { OPERATOR } from '../../src/domain/names.ts';
import { ban, heard, IP, millis, then } from './said.ts';

const trying = suite('a ban that is tried');

/** Of a minute, and of ten once it is confirmed. */
function tried(at: number): SentIntent {
  const { server, intent } = ban(at, 60, { server: OPERATOR });
  return { server, intent: { ...intent, ifConfirmed: millis(at + 600) } as SentIntent['intent'] };
}

const ends = (trials: readonly Trial[]): readonly (readonly number[])[] =>
  trials.map(({ until, ifConfirmed }) => [until, ifConfirmed]);

trying('waits until its time, and is late after that', () => {
  const state = heard(0, tried(0), ban(0, 600));
  const both = (at: number): readonly unknown[] => [
    ends(trialsIn(state, millis(at))),
    ends(lateTrialsIn(state, millis(at))),
  ];

  const found = [[millis(60), millis(600)]];
  assert.equal(
    [both(59), both(60)],
    [
      [found, []],
      [[], found],
    ],
  );
});

trying(
  'waits no more once another ban was said of the address, and was none where an earlier one lasts longer',
  () => {
    const confirmed = then(heard(0, tried(0)), 5, ban(5, 600, { server: OPERATOR }));
    const longer = then(heard(0, ban(0, 900, { server: OPERATOR })), 5, tried(5));
    const isTriedIn = (state: typeof confirmed): readonly boolean[] => Array.from(allClaims(state), isTrial);

    assert.equal([isTriedIn(confirmed), trialsIn(confirmed, millis(6)).length], [[false], 0]);
    assert.is(trialsIn(longer, millis(6))[0]?.claim.ip.text, IP);
    assert.equal(trialsIn(longer, millis(66)), []);
  },
);

trying.run();
