import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import { desireFamily } from '../../src/desired/desire-family.ts';
import { enforceNothing } from '../../src/desired/enforce-nothing.ts';
import { readPolicy } from '../../src/policy/policy.ts';
import { ban, heard, millis } from '../claims/said.ts';

const nothing = suite('to enforce nothing');

nothing('leaves no jail, no denied net and nobody to be let by, and all that is counted as it was', () => {
  const read = readPolicy('allow: [{ net: 192.0.2.0/24 }]\ndeny: [{ net: 198.51.100.0/24 }]\n');
  if (read.kind === 'mistakes') throw new Error('a mistake');
  const state = heard(1, ban(0, 60), ban(0, 60, { ip: '2001:db8::7' }));
  const conclusion = conclude(state, { policy: read.policy, ownAddresses: [], now: millis(2) });

  const asked = enforceNothing(conclusion);

  for (const family of ['ipv4', 'ipv6'] as const) {
    const { jails, denied, options } = desireFamily(asked, family);
    assert.equal([jails.size, denied, options.allowed, options.deny], [0, undefined, [], []]);
  }
  assert.equal([asked.bans, asked.claims, asked.regions], [3, 2, conclusion.regions]);
});

nothing.run();
