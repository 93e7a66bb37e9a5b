import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countRefused, refusedText, sumOfRefused } from '../../src/fleet/refused.ts';
import { DEFAULT_PEER_LIMITS } from '../../src/policy/peer-policy.ts';
import { keyOf } from '../support/fleet-of-memory.ts';

const test = suite('lines of a peer that are refused');

const LIMITS = { ...DEFAULT_PEER_LIMITS, key: keyOf('fw2').key };

test('are summed over files, by what refuses them', () => {
  const sum = sumOfRefused([{ claims: 2 }, { claims: 3, form: 1 }, {}]);

  assert.equal(sum, { claims: 5, form: 1 });
  assert.equal([countRefused(sum), countRefused({})], [6, 0]);
});

test('are told with each limit that refuses them, as the policy has it', () => {
  assert.is(
    refusedText({ claims: 2, lifts: 1 }, { ...LIMITS, claims: 500, lifts: 0 }),
    '2 claims beyond claims: 500, 1 lift beyond lifts: 0',
  );
  assert.is(
    refusedText({ form: 1, prefix6: 2, prefix4: 1, jails: 1 }, LIMITS),
    '1 claim beyond the 100 jails that a peer may use, 1 lift wider than prefix4: 24, ' +
      '2 lifts wider than prefix6: 48, 1 line that banspool does not publish',
  );
});

test.run();
