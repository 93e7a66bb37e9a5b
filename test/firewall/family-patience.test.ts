import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import { desireFamily } from '../../src/desired/desire-family.ts';
import { netOf } from '../../src/domain/net.ts';
import { newNets, patienceAfter, patienceForNets } from '../../src/firewall/family-patience.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { ban, heard, millis } from '../claims/said.ts';

const patience = suite('patience with a family');

patience('is several times what it took at the most, and never less than a busy machine needs', () => {
  assert.equal([0, 100, 1_250].map(patienceAfter), [5_000, 5_000, 5_000]);
  assert.equal([2_000, 10_000].map(patienceAfter), [8_000, 40_000]);
});

patience('grows with the nets that a start brings: a million take half a minute more', () => {
  const deny = [{ net: netOf('192.0.2.0/24'), note: undefined, until: Infinity, line: 1 }];
  const state = heard(
    5,
    ban(0, 600),
    ban(0, 600, { ip: '198.51.100.7' }),
    ban(0, 600, { ip: '2001:db8::7' }),
  );
  const grounds = { policy: { ...EMPTY_POLICY, deny }, ownAddresses: [], now: millis(5) };
  const conclusion = conclude(state, grounds);

  assert.is(newNets(conclusion, 'ipv4', undefined), 3);
  assert.is(newNets(conclusion, 'ipv4', desireFamily(conclusion, 'ipv4')), 0);
  assert.is(patienceForNets(1_000_000), 30_000);
});

patience.run();
