import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../src/config/config.ts';
import { adoptRules } from '../../src/firewall/adopt-rules.ts';
import { FakeFirewall } from '../support/fake-firewall.ts';

const adoption = suite('adoption of rules');

/** More than a call takes arguments. */
const MEMBERS = 150_000;

adoption('a set of 150,000 members is adopted', async () => {
  const firewall = new FakeFirewall();
  const members = Array.from(
    { length: MEMBERS },
    (_, index) => `add fail2ban-sshd 10.${index >> 16}.${(index >> 8) & 255}.${index & 255} timeout 900`,
  );
  const head = 'create fail2ban-sshd hash:net family inet hashsize 1024 maxelem 262144 timeout 0';
  await firewall.sets.restore([head, ...members].join('\n'));
  firewall.edit('ipv4', '-N fail2ban-sshd', '-A fail2ban-sshd -m set --match-set fail2ban-sshd src -j DROP');

  const read = readConfig('');
  if (read.kind === 'mistakes') throw new Error('no config has mistakes');

  const { sent } = await adoptRules(read, firewall, {
    families: ['ipv4'],
    now: Date.UTC(2026, 10, 22),
  });

  assert.is(sent.length, MEMBERS);
});

adoption.run();
