import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import { countByJail } from '../../src/desired/count-by-jail.ts';
import { EMPTY_POLICY, readPolicy } from '../../src/policy/policy.ts';
import { ban, heard, millis } from '../claims/said.ts';

const counting = suite('the count of each jail');

counting('has the addresses of all regions, by family, and the nets that are denied', () => {
  const state = heard(
    5,
    ban(0, 600),
    ban(0, 600, { server: 'web2' }),
    ban(0, 600, { ip: '198.51.100.7' }),
    ban(0, 600, { ip: '198.51.100.7', jail: 'nginx' }),
    ban(0, 600, { ip: '2001:db8::7' }),
  );
  const read = readPolicy('deny: [{ net: 192.0.2.0/24 }]');
  if (read.kind !== 'policy') throw new Error(JSON.stringify(read.mistakes));

  const counts = countByJail(conclude(state, { policy: read.policy, ownAddresses: [], now: millis(5) }));

  assert.equal(counts, [
    { jail: 'nginx', family: 'ipv4', bans: 1 },
    { jail: 'sshd', family: 'ipv4', bans: 2 },
    { jail: 'policy', family: 'ipv4', bans: 1 },
    { jail: 'sshd', family: 'ipv6', bans: 1 },
  ]);
});

counting('has nothing where nothing is banned', () => {
  const nothing = conclude(heard(5), { policy: EMPTY_POLICY, ownAddresses: [], now: millis(5) });

  assert.equal(countByJail(nothing), []);
});

counting.run();
