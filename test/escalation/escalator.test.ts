import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { foldWith, type SentIntent } from '../../src/claims/fold.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { Escalator } from '../../src/escalation/escalator.ts';
import { memoryOfRules } from '../../src/escalation/memory-of-rules.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { ban, DAY, millis } from '../claims/said.ts';
import { escalated, passed, rules, SEEN_BY_TWO } from './rules.ts';

const test = suite('what was held against the rules');

interface Held {
  readonly by: Escalator;
  readonly policy?: Policy;
}

const heard = (state: State, { by, policy = SEEN_BY_TWO }: Held, ...said: readonly SentIntent[]): State => {
  const folded = foldWith(state, said, { now: millis(100), seenMemory: memoryOfRules(policy.escalate) });
  return by.escalate(folded, { policy, now: millis(100) });
};

const TWO = [ban(10, 600), ban(20, 600, { server: 'web2' })];
const BANNED = [`203.0.113.7 two 20-${20 + DAY}`];

test('is looked at again until what follows from it is on the disk, and then no more', () => {
  const escalator = new Escalator();
  const state = heard(EMPTY_STATE, { by: escalator }, ...TWO);
  // Sightings that were saved, and no claims: the disk was full.
  const half = { ...EMPTY_STATE, seen: state.seen };

  const again = heard(half, { by: escalator });
  escalator.noteSaved();
  const edited = heard(half, { by: escalator });

  assert.equal([state, again, edited].map(escalated), [BANNED, BANNED, []]);
});

test('is looked at again by another policy, and by another process', () => {
  const escalator = new Escalator();
  const other = rules('name: other, bans: 9, within: 7d, ban: 1d');
  const state = heard(EMPTY_STATE, { by: escalator, policy: other }, ...TWO);
  escalator.noteSaved();

  assert.equal(escalated(heard(state, { by: escalator })), BANNED);
  assert.equal(escalated(heard(state, { by: new Escalator() })), BANNED);
});

test('of a server that began more bans than are remembered is a problem', () => {
  const escalator = new Escalator();
  const state = passed(100, { policy: SEEN_BY_TWO }, ...TWO);

  assert.equal(escalator.problems(), []);
  escalator.escalate(state, { policy: SEEN_BY_TWO, now: millis(100) });
  const found = escalator.problems();

  assert.equal(found, []);
  assert.is(escalator.problems(), found);
});

test.run();
