import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { lockoutWords } from '../../src/policy/lockout-words.ts';

const words = suite('of who is locked out');

const LOCKOUT = { ip: netOf('203.0.113.7'), text: '203.0.113.7, from which you are logged in' };

words('it is said whether a line of the policy or a ban does it, and what ends that', () => {
  const net = netOf('203.0.113.0/24');

  assert.equal(
    [lockoutWords({ ...LOCKOUT, by: { net, line: 3 } }), lockoutWords({ ...LOCKOUT, by: { net } })],
    [
      {
        what: 'policy.yaml line 3 denies 203.0.113.7, from which you are logged in',
        fix: 'remove that line, or allow the address',
      },
      {
        what: 'a ban of 203.0.113.0/24 drops 203.0.113.7, from which you are logged in',
        fix: 'banspool unban 203.0.113.0/24, or allow the address',
      },
    ],
  );
});

words('a ban that is enforced as a wider network is named with both', () => {
  const by = { net: netOf('2001:db8::8'), dropped: netOf('2001:db8::/64') };
  const ip = netOf('2001:db8::7');

  assert.equal(lockoutWords({ ip, text: '2001:db8::7, from which you are logged in', by }), {
    what: 'a ban of 2001:db8::8, enforced as 2001:db8::/64, drops 2001:db8::7, from which you are logged in',
    fix: 'banspool unban 2001:db8::8, or allow the address',
  });
});

words.run();
