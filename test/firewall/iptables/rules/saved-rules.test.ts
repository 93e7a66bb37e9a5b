import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chainBeyondNft, setsInSaved } from '../../../../src/firewall/iptables/rules/saved-rules.ts';

const test = suite('a saved ruleset');

test('names the sets that any rule of it looks into', () => {
  const text = [
    '*filter',
    '# -A INPUT -m set --match-set fail2ban-commented src -j DROP',
    '[3:4] -A fail2ban-sshd -m set --match-set fail2ban-sshd src -j DROP',
    '-A INPUT -m set ! --match-set fail2ban-sshd:6 src -m set --match-set blocklist src -j DROP',
    '-A INPUT -m set --match-set "fail2ban-.deny" src -j SET --add-set fail2ban-seen src',
    '-A fail2ban-sshd -s 198.51.100.7/32 -j DROP',
    'COMMIT',
  ].join('\r\n');

  assert.equal(setsInSaved(text), [
    'fail2ban-sshd',
    'fail2ban-sshd:6',
    'blocklist',
    'fail2ban-.deny',
    'fail2ban-seen',
  ]);
});

/** As nft 1.0.6 and 1.1.3 print them. */
for (const match of ['xt match set counter packets 0 bytes 0 drop', 'xt match "set" drop']) {
  test(`of nft cannot be read again where a chain of ours holds ${match}`, () => {
    const text = `table ip filter {\n\tchain INPUT {\n\t\txt match "set" accept\n\t}\n\n\tchain fail2ban-sshd {\n\t\t${match}\n\t\treturn\n\t}\n}\n`;

    assert.is(chainBeyondNft(text, 'fail2ban-'), 'fail2ban-sshd');
  });
}

test('of nft can be read again where chains of ours hold a rule a ban, but not where nft allows no such name', () => {
  const listing = (name: string): string =>
    `table ip filter {\n\tchain ${name} {\n\t\tip saddr 198.51.100.7 counter drop\n\t}\n\n\tchain theirs {\n\t\txt match "set" drop\n\t}\n}\n`;

  assert.is(chainBeyondNft(listing('fail2ban-.deny'), 'fail2ban-'), undefined);
  assert.is(
    chainBeyondNft(listing('fail2ban-a-long-on~abcdefgh'), 'fail2ban-'),
    'fail2ban-a-long-on~abcdefgh',
  );
});

test.run();
