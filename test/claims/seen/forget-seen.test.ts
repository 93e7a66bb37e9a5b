import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { foldWith, type SentIntent } from '../../../src/claims/fold.ts';
import { forgetSeen, keepLiftsOfSeen } from '../../../src/claims/seen/forget-seen.ts';
import { allTrails } from '../../../src/claims/seen/seen-region.ts';
import { allClaims, EMPTY_STATE, type State } from '../../../src/claims/state.ts';
import { ban, DAY, HOUR, millis, snapshot, tell, unban } from '../said.ts';

const memory = suite('what is remembered of bans that began');

const SEEN = 8 * DAY * 1000;

/** At that time, with what servers said. */
const told = (at: number, state: State, ...said: readonly SentIntent[]): State =>
  foldWith(state, said, { now: millis(at), seenMemory: SEEN });

const sightingsOf = ({ seen }: State): readonly string[] =>
  Array.from(seen.values())
    .flatMap((region) => Array.from(allTrails(region)))
    .map(
      ({ ip, server, jail, bans, unbans }) => `${ip.text} ${server} ${jail} ${bans.length}+${unbans.length}`,
    )
    .sort();

memory(
  'is what servers say themselves: bans, and unbans; and nothing that goes on, or is found standing',
  () => {
    const state = told(
      100,
      EMPTY_STATE,
      ban(1, 60),
      ban(1, 60, { jail: 'web' }),
      ban(1, 600, { ip: '203.0.113.8', server: 'web2' }),
      unban(70),
      ban(2, 600, { ip: '203.0.113.9', kind: 'prolong' }),
      snapshot(3, [['203.0.113.10', 1, 600]]),
      ban(4, 600, { ip: '203.0.113.11', server: 'local' }),
      ban(4, 600, { ip: '203.0.113.12', server: 'adopted' }),
      ban(4, 600, { ip: '203.0.113.13', server: 'fw2/web1' }),
      tell('flush', 5),
    );

    assert.equal(sightingsOf(state), [
      '203.0.113.7 web1 sshd 1+1',
      '203.0.113.7 web1 web 1+0',
      '203.0.113.8 web2 sshd 1+0',
    ]);
  },
);

memory('is nothing where no rule counts it, and goes with the last rule', () => {
  const state = told(100, EMPTY_STATE, ban(1, 60));

  assert.equal(sightingsOf(foldWith(EMPTY_STATE, [ban(1, 60)], { now: millis(100) })), []);
  assert.is(foldWith(state, [], { now: millis(100), seenMemory: 0 }).seen.size, 0);
  assert.is(foldWith(state, [], { now: millis(100) }).seen, state.seen);
  assert.is(forgetSeen(EMPTY_STATE, { now: millis(100), memory: 0 }), EMPTY_STATE);
});

memory('lasts as long as it was asked for, and a little longer, so that many go together', () => {
  const state = told(100, EMPTY_STATE, ban(1, 60), ban(1800, 60, { ip: '203.0.113.8' }));

  assert.is(told(8 * DAY + HOUR, state).seen, state.seen);
  assert.equal(sightingsOf(told(8 * DAY + HOUR + 2, state)), []);
  assert.equal(sightingsOf(told(8 * DAY + 100, EMPTY_STATE, ban(1, 60), ban(101, 60))), [
    '203.0.113.7 web1 sshd 1+0',
  ]);
});

memory('holds what an operator lifted for as long, so that it counts no more', () => {
  const state = told(100, EMPTY_STATE, ban(1, 60), unban(50, { server: 'local', jail: '*' }));
  const lifts = (at: number): number => Array.from(allClaims(told(at, state))).length;

  assert.equal([DAY, DAY + 100, 8 * DAY + 49, 8 * DAY + 51].map(lifts), [1, 1, 1, 0]);
  assert.is(keepLiftsOfSeen(state, { now: millis(2 * DAY), memory: 0 }), state);
  assert.is(Array.from(allClaims(foldWith(state, [], { now: millis(2 * DAY) }))).length, 0);
});

memory.run();
