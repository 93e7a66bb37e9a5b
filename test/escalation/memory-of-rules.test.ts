import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryOfRules } from '../../src/escalation/memory-of-rules.ts';
import { rules, SEEN_BY_TWO } from './rules.ts';

const test = suite('how long bans that began are remembered');

const DAY_MS = 24 * 3600 * 1000;

test('is as long as the longest rule asks for, and a day for late files; without rules not at all', () => {
  const both = rules(['name: a, servers: 2, within: 1h, ban: 1d', 'name: b, bans: 2, within: 7d, ban: 1d']);

  assert.equal(
    [both, SEEN_BY_TWO].map(({ escalate }) => memoryOfRules(escalate)),
    [8 * DAY_MS, DAY_MS + 3600 * 1000],
  );
  assert.is(memoryOfRules([]), 0);
});

test.run();
