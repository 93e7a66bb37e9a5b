import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { JAIL_NAME } from '../../src/domain/names.ts';
import { chainOf, denyChain, isOurs } from '../../src/firewall/chain.ts';
import { jailName } from '../support/arbitraries.ts';

const chain = suite('chain');

const PREFIX = 'fail2ban-';

chain('the chain of a jail is the one that the scripts of the article made', () => {
  const names = ['ssh', 'apache-overflows', 'nginx.http_auth'].map((jail) => chainOf(jail, PREFIX));

  assert.equal(names, ['fail2ban-ssh', 'fail2ban-apache-overflows', 'fail2ban-nginx.http_auth']);
});

chain(
  'a name that iptables would refuse is cut and hashed, and stays the same from version to version',
  () => {
    const names = ['exactly-nineteen-ch', 'exactly-twenty-chars', 'exactly-twenty-charz'].map((jail) =>
      chainOf(jail, PREFIX),
    );

    assert.equal(names, [
      'fail2ban-exactly-nineteen-ch',
      'fail2ban-exactly-tw~s547w4qz',
      'fail2ban-exactly-tw~ymrlkwqd',
    ]);
  },
);

chain('no chain has a longer name than iptables takes', () => {
  const prefix = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{2,15}$/);

  fc.assert(
    fc.property(jailName, prefix, (jail, any) => {
      const name = chainOf(jail, any);

      assert.ok(name.length <= 28, name);
      assert.ok(isOurs(name, any));
    }),
    { numRuns: 1000 },
  );
});

chain('different jails have different chains, however long their names are', () => {
  const tail = fc.string({ unit: fc.constantFrom('a', 'B', '-', '1'), maxLength: 3 });
  const similar = fc
    .tuple(fc.constantFrom('exactly-nineteen-ch', 'x'.repeat(60), 'a'), tail)
    .map(([head, end]) => head + end);

  fc.assert(
    fc.property(fc.oneof(jailName, similar), fc.oneof(jailName, similar), (a, b) => {
      assert.is(chainOf(a, PREFIX) === chainOf(b, PREFIX), a === b);
    }),
    { numRuns: 3000 },
  );
});

chain("a cut name is no other jail's plain one", () => {
  fc.assert(
    fc.property(jailName, (jail) => {
      const name = chainOf(jail, PREFIX);

      assert.is(JAIL_NAME.test(name.slice(PREFIX.length)), name === PREFIX + jail);
    }),
    { numRuns: 1000 },
  );
});

chain("the deny list's chain is ours and no jail's", () => {
  const name = denyChain(PREFIX);

  assert.ok(isOurs(name, PREFIX));
  assert.not(JAIL_NAME.test(name.slice(PREFIX.length)));
});

chain('ours are the chains that begin with the prefix, and no others', () => {
  const ours = [
    'fail2ban-ssh',
    'fail2ban-',
    'fail2ban',
    'f2b-sshd',
    'INPUT',
    'x-fail2ban-ssh',
    'FAIL2BAN-ssh',
  ].filter((name) => isOurs(name, PREFIX));

  assert.equal(ours, ['fail2ban-ssh', 'fail2ban-']);
});

chain.run();
