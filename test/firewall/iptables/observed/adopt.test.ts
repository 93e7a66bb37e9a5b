import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { adopt, ADOPTED_MS } from '../../../../src/firewall/iptables/observed/adopt.ts';
import { NEIGHBOUR_RULES } from '../../../../src/firewall/iptables/rules/neighbour.ts';
import { observe } from '../../../../src/firewall/iptables/observed/observe.ts';
import type { ObservedSet } from '../../../../src/firewall/iptables/observed/observe-sets.ts';
import type { Family } from '../../../../src/domain/net.ts';
import { membersIn } from '../../../../src/firewall/iptables/observed/listing-reader.ts';

const adopting = suite('adopt');

const NOW = Date.UTC(2026, 10, 22);

/** `jail address ports protocols` of each ban that is adopted. */
function adopted(rules: string, family: Family = 'ipv4'): readonly string[] {
  const chains = [...new Set(rules.match(/fail2ban-\S+/g))].map((chain) => `-N ${chain}\n`);
  const listing = `-P INPUT ACCEPT\n-P FORWARD ACCEPT\n${chains.join('')}${rules}`;
  const observation = observe(listing, { family, prefix: 'fail2ban-' });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  return adopt(observation.observed, { prefix: 'fail2ban-', now: NOW }).bans.map(
    ({ jail, ip, ports, protocols }) => `${jail} ${ip.text} ${ports ?? ''} ${protocols ?? ''}`,
  );
}

adopting('what the scripts of the article left is adopted, with the ports of its jumps', () => {
  const bans = adopted(`-A INPUT -p tcp -m multiport --dports 80,443 -j fail2ban-apache
-A INPUT -p tcp -m multiport --dports 22 -j fail2ban-ssh
-A FORWARD -p tcp -m multiport --dports 80,443 -j fail2ban-apache
-A FORWARD -p tcp -m multiport --dports 22 -j fail2ban-ssh
-A fail2ban-apache -s 203.0.113.9/32 -j DROP
-A fail2ban-apache -j RETURN
-A fail2ban-ssh -s 203.0.113.8/32 -j DROP
-A fail2ban-ssh -s 203.0.113.7/32 -j DROP
-A fail2ban-ssh -j RETURN
`);

  assert.equal(bans, ['apache 203.0.113.9 80,443 tcp', 'ssh 203.0.113.8 22 tcp', 'ssh 203.0.113.7 22 tcp']);
});

adopting('an adopted ban begins now and ends in a week', () => {
  const observation = observe('-P INPUT ACCEPT\n-N fail2ban-x\n-A fail2ban-x -s 203.0.113.7/32 -j DROP\n', {
    family: 'ipv4',
    prefix: 'fail2ban-',
  });
  const [ban] =
    observation.kind === 'observed'
      ? adopt(observation.observed, { prefix: 'fail2ban-', now: NOW }).bans
      : [];

  assert.is(ban?.time, NOW);
  assert.is(ban?.until, NOW + 7 * 24 * 3600 * 1000);
});

adopting('the ports of several jumps are united, and a chain without any is about all', () => {
  assert.equal(
    adopted(`-A INPUT -p tcp -m tcp --dport 22 -j fail2ban-a
-A FORWARD -p udp -m multiport --dports 2000:2010 -j fail2ban-a
-A fail2ban-a -s 203.0.113.7/32 -j DROP
-A INPUT -j fail2ban-b
-A fail2ban-b -s 203.0.113.7/32 -j DROP
-A fail2ban-c -s 203.0.113.7/32 -j REJECT --reject-with icmp-port-unreachable
`),
    ['a 203.0.113.7 22,2000:2010 tcp,udp', 'b 203.0.113.7 all all', 'c 203.0.113.7 all tcp'],
  );
});

adopting('networks and IPv6 are adopted too', () => {
  assert.equal(
    adopted(
      `-A INPUT -p ipv6-icmp -j fail2ban-a
-A fail2ban-a -s 2001:db8::/48 -j DROP
-A fail2ban-a -s ::1.2.3.4/128 -j DROP
`,
      'ipv6',
    ),
    ['a 2001:db8::/48 all icmp', 'a ::102:304 all icmp'],
  );
});

adopting('rules that are no bans are not', () => {
  assert.equal(
    adopted(`-A fail2ban-a -s 203.0.113.7/32 -j RETURN
-A fail2ban-a -s 203.0.113.7/32 -j ACCEPT
-A fail2ban-a -j DROP
-A fail2ban-.deny -s 203.0.113.7/32 -j DROP
-A INPUT -s 203.0.113.7/32 -j DROP
`),
    [],
  );
});

/** What one rule of the chain `fail2ban-a`, into which TCP port 22 and 80 are sent, is adopted as, or named as. */
function read(rule: string, others = ''): readonly string[] {
  const listing = `-P INPUT ACCEPT
-P FORWARD ACCEPT
-N fail2ban-a
-N fail2ban-logdrop
-N LOGDROP
-N LOGONLY
-N DROPPER
-A INPUT -p tcp -m multiport --dports 22,80 -j fail2ban-a
-A fail2ban-a ${rule}
${others}-A fail2ban-logdrop -j LOG
-A fail2ban-logdrop -j DROP
-A LOGDROP -m limit --limit 5/min -j LOG --log-prefix "banned -j ACCEPT: "
-A LOGDROP -j DROPPER
-A DROPPER -j DROP
-A LOGONLY -j LOG
`;
  const observation = observe(listing, { family: 'ipv4', prefix: 'fail2ban-' });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  const standing = adopt(observation.observed, { prefix: 'fail2ban-', now: NOW });
  return [
    ...standing.bans.map(({ ip, ports, protocols }) => `${ip.text} ${protocols ?? ''} ${ports ?? ''}`),
    ...standing.others.map(({ chain, rule: other }) => `${chain} ${other}`),
  ];
}

for (const [rule, bans] of Object.entries({
  '-s 203.0.113.7/32 -j LOGDROP': ['203.0.113.7 tcp 22,80'],
  '-s 203.0.113.7/32 -g fail2ban-logdrop': ['203.0.113.7 tcp 22,80'],
  '-s 203.0.113.7/32 -m comment --comment "web1 -s -j" -j DROP': ['203.0.113.7 tcp 22,80'],
  '-s 203.0.113.7/32 -p tcp -m tcp --dport 22 -j DROP': ['203.0.113.7 tcp 22'],
  '-s 203.0.113.7/32 -p tcp -m multiport --dports 22,2000:2010 -j DROP': ['203.0.113.7 tcp 22,2000:2010'],
  '-s 203.0.113.7/32 -p udp -j DROP': ['203.0.113.7 udp 22,80'],
  '-s 203.0.113.7/32 -p icmp -j DROP': ['203.0.113.7 icmp all'],
  '-s 203.0.113.7/32 -i eth0 -j DROP': ['203.0.113.7 tcp 22,80'],
  '-s 203.0.113.7/32 -p tcp -j REJECT --reject-with tcp-reset': ['203.0.113.7 tcp 22,80'],
  '-s 203.0.113.7/32 ! -i lo -j DROP': ['203.0.113.7 tcp 22,80'],
  '-s 203.0.113.7/32 -m conntrack --ctstate NEW -j DROP': ['203.0.113.7 tcp 22,80'],
  '-s 203.0.113.7/32 -m state --state NEW -j DROP': ['203.0.113.7 tcp 22,80'],
  '-m iprange --src-range 203.0.113.7-203.0.113.9 -j DROP': [
    '203.0.113.7 tcp 22,80',
    '203.0.113.8/31 tcp 22,80',
  ],
}))
  adopting(`a rule with one source that ends in a drop is a ban of it: ${rule}`, () => {
    assert.equal(read(rule), bans);
  });

for (const rule of [
  '-j DROP',
  '-m set --match-set mine src -j DROP',
  '! -s 203.0.113.7/32 -j DROP',
  '-p tcp -m tcp --dport 22 -j LOGDROP',
  '-m iprange ! --src-range 203.0.113.7-203.0.113.9 -j DROP',
])
  adopting(`a rule that drops by something else than an address is named: ${rule}`, () => {
    assert.equal(read(rule), [`fail2ban-a ${rule}`]);
  });

adopting('who is let by inside a net that is banned is named', () => {
  const rule = '-s 203.0.113.7/32 -j RETURN';

  assert.equal(read(rule, '-A fail2ban-a -s 203.0.113.0/24 -j DROP\n'), [
    '203.0.113.0/24 tcp 22,80',
    `fail2ban-a ${rule}`,
  ]);
});

adopting('what lets neighbour discovery by is no ban, and nothing to name', () => {
  const rules = NEIGHBOUR_RULES.map(({ text }) => `-A fail2ban-a ${text}\n`).join('');
  const listing = `-P INPUT ACCEPT\n-N fail2ban-a\n-A INPUT -j fail2ban-a\n${rules}-A fail2ban-a -s 2001:db8::/64 -j DROP\n`;
  const observation = observe(listing, { family: 'ipv6', prefix: 'fail2ban-' });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);

  const { bans, others } = adopt(observation.observed, { prefix: 'fail2ban-', now: NOW });

  assert.equal(
    bans.map(({ ip, protocols }) => `${ip.text} ${protocols ?? ''}`),
    ['2001:db8::/64 all'],
  );
  assert.equal(others, []);
});

adopting('a member of a set that counts or comments ends when its time is over, wherever that stands', () => {
  const listing = '-P INPUT ACCEPT\n-N fail2ban-a\n-A fail2ban-a -m set --match-set mine src -j DROP\n';
  const observation = observe(listing, { family: 'ipv4', prefix: 'fail2ban-' });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  const lines = '192.0.2.1 timeout 60 packets 5 bytes 9\n192.0.2.2 packets 5 bytes 9\n';
  const mine: ObservedSet = {
    ...{ name: 'mine', make: 'foreign-made', capacity: 9, isCounted: false, references: 1 },
    content: { kind: 'listed', members: membersIn(lines), at: NOW },
  };

  const { bans } = adopt(
    { ...observation.observed, sets: new Map([['mine', mine]]) },
    { prefix: 'fail2ban-', now: NOW },
  );

  assert.equal(
    bans.map(({ ip, until }) => [ip.text, until - NOW]),
    [
      ['192.0.2.1', 60_000],
      ['192.0.2.2', ADOPTED_MS],
    ],
  );
});

adopting('a chain whose name no jail can have is adopted under one like it', () => {
  assert.equal(
    adopted('-A fail2ban-b端ü -s 203.0.113.7/32 -j DROP\n-A fail2ban-- -s 203.0.113.8/32 -j DROP\n'),
    ['b-- 203.0.113.7 all tcp', 'adopted 203.0.113.8 all tcp'],
  );
});

adopting('a chain with a cut name is adopted under a jail of its own', () => {
  assert.equal(adopted('-A fail2ban-exactly-tw~s547w4qz -s 203.0.113.7/32 -j DROP\n'), [
    'exactly-tw.s547w4qz 203.0.113.7 all tcp',
  ]);
});

adopting.run();
