import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { epochsOf } from '../../src/replay/epochs.ts';

const test = suite('replay/epochs');

const entry = (until: number) => ({ net: netOf('192.0.2.0/24'), note: undefined, until, line: 1 });

test('begin with each policy, and where an entry of one that is in force ends', () => {
  const first = {
    ...EMPTY_POLICY,
    allow: [entry(5), entry(50), entry(Infinity)],
    deny: [entry(7), entry(5)],
  };
  const policies = [
    { from: 0, policy: first },
    { from: 10, policy: EMPTY_POLICY },
    { from: 90, policy: first },
  ];

  assert.equal(
    epochsOf(policies, 60).map(({ from, to, policy }) => [from, to, policy.allow.length]),
    [
      [0, 5, 3],
      [5, 7, 3],
      [7, 10, 3],
      [10, 60, 0],
    ],
  );
});

test.run();
