import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import { EMPTY_POLICY, readPolicy } from '../../src/policy/policy.ts';
import { neighbourhoodOf } from '../../src/report/neighbourhood-of.ts';
import { ban, heard, millis } from '../claims/said.ts';

const test = suite('a neighbourhood');

test('around an address is what is banned in its network', () => {
  const state = heard(
    11,
    ban(1, 600),
    ban(2, 900, { server: 'web2' }),
    ban(3, 600, { jail: 'recidive' }),
    ban(5, Infinity, { ip: '2001:db8::7', server: 'mail' }),
    ban(11, 600, { ip: '203.0.113.9' }),
    ban(11, 600, { ip: '203.0.114.9' }),
  );
  const now = millis(11);
  const conclusion = conclude(state, { policy: EMPTY_POLICY, ownAddresses: [], now });
  const at = { state, now };

  assert.equal(neighbourhoodOf({ ip: '203.0.113.7', jail: 'sshd' }, conclusion, at), {
    ...{ servers: ['web1', 'web2'], since: millis(2) },
    ...{ net: '203.0.113.0/24', inNet: 2 },
  });
  assert.is(neighbourhoodOf({ ip: '2001:db8::7', jail: 'sshd' }, conclusion, at).net, '2001:db8::/48');
  assert.equal(neighbourhoodOf({ ip: '192.0.2.0/23', jail: 'policy' }, conclusion, at), {
    ...{ servers: ['policy'], since: undefined, net: '192.0.2.0/23', inNet: 0 },
  });
});

test('of a network that is dropped for addresses inside it has all that claim one', () => {
  const read = readPolicy('aggregate6: 64\n');
  if (read.kind === 'mistakes') throw new Error('a mistake');
  const state = heard(
    11,
    ban(1, 600, { ip: '2001:db8::7' }),
    ban(2, 600, { ip: '2001:db8::8', server: 'web2' }),
    ban(3, 600, { ip: '2001:db8:0:1::8', server: 'web3' }),
  );
  const now = millis(11);
  const conclusion = conclude(state, { policy: read.policy, ownAddresses: [], now });

  assert.equal(neighbourhoodOf({ ip: '2001:db8::/64', jail: 'sshd' }, conclusion, { state, now }), {
    ...{ servers: ['web1', 'web2'], since: millis(2), net: '2001:db8::/48', inNet: 3 },
  });
});

test.run();
