import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Concluder } from '../../src/desired/concluder.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { ban, heard, millis, then } from '../claims/said.ts';

const concluding = suite('who concludes again and again');

concluding('judges only regions in which something changed since', () => {
  const circumstances = { policy: EMPTY_POLICY, ownAddresses: [], now: millis(5) };
  const state = heard(5, ban(0, 600), ban(0, 600, { ip: '198.51.100.7' }));
  const mine = new Concluder();

  const before = mine.conclude(state, circumstances).regions;
  const after = mine.conclude(then(state, 5, ban(5, 600, { ip: '198.51.100.8' })), circumstances).regions;

  assert.ok(after.get('ipv4/203') === before.get('ipv4/203') && before.has('ipv4/203'));
  assert.is(after.get('ipv4/198')?.bans, 2);
});

concluding.run();
