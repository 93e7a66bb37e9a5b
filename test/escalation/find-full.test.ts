import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findFull } from '../../src/escalation/find-full.ts';
import { ban } from '../claims/said.ts';
import { passed, SEEN_BY_TWO } from './rules.ts';

const test = suite('a server that began more bans than are remembered');

test('is a problem until some are forgotten, and others are none', () => {
  const bans = ['203.0.113.7', '198.51.100.7', '2001:db8::7'].map((ip) => ban(1, 60, { ip }));
  const { seen } = passed(10, { policy: SEEN_BY_TWO }, ...bans, ban(1, 60, { server: 'web2' }));

  const [problem, ...others] = findFull(seen, 3);

  assert.equal([problem?.condition, problem?.reason, others], ['EscalationComplete', 'MemoryFull', []]);
  assert.match(
    problem?.message ?? '',
    /^web1 began and ended 3 bans within .*; fix: find out why web1 bans so much/,
  );
  assert.equal([findFull(seen, 4), findFull(seen), findFull(seen, 1).length], [[], [], 2]);
});

test.run();
