import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { stubbornOf } from '../../src/report/stubborn-of.ts';
import { ban, heard, millis } from '../claims/said.ts';
import { inOne } from './in-one.ts';

const test = suite('the most stubborn');

test('are the twenty with the most packets, the most first, each with who banned it', () => {
  const state = heard(
    10,
    ...Array.from({ length: 30 }, (_, index) => ban(1, 600, { ip: `203.0.113.${index}` })),
  );
  const now = millis(10);
  const conclusion = conclude(state, { policy: EMPTY_POLICY, ownAddresses: [], now });
  const drops = Array.from({ length: 30 }, (_, index) => ({
    ...{ ip: `203.0.113.${index}`, family: 'ipv4' as const, jail: 'sshd', chain: 'fail2ban-sshd' },
    ...{ packets: (index * 7) % 30, bytes: index * 60 },
  }));

  const found = inOne(stubbornOf(drops, { conclusion, state, now }));

  assert.equal(
    found.map(({ packets }) => packets),
    Array.from({ length: 20 }, (_, index) => 29 - index),
  );
  assert.equal(found[0], {
    ...{ ip: '203.0.113.17', jail: 'sshd', packets: 29, bytes: 1_020 },
    ...{ servers: ['web1'], since: millis(1), net: '203.0.113.0/24', inNet: 30 },
  });
});

test('are none where nothing was dropped', () => {
  const state = heard(10);
  const now = millis(10);
  const conclusion = conclude(state, { policy: EMPTY_POLICY, ownAddresses: [], now });

  assert.equal(inOne(stubbornOf([], { conclusion, state, now })), []);
});

test.run();
