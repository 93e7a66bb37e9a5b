import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readBanRule } from '../../../../src/firewall/iptables/observed/ban-rule.ts';
import { observe } from '../../../../src/firewall/iptables/observed/observe.ts';

const reading = suite('what a rule of a chain of ours does');

/** A rule beside chains that log, and drop or do not. */
function read(rule: string): ReturnType<typeof readBanRule> {
  const listing = `-P INPUT ACCEPT
-N fail2ban-a
-N fail2ban-logdrop
-N LOGDROP
-N LOGONLY
-N LOOP
-A fail2ban-a ${rule}
-A fail2ban-logdrop -j LOG
-A fail2ban-logdrop -j DROP
-A LOGDROP -m limit --limit 5/min -j LOG
-A LOGDROP -j fail2ban-logdrop
-A LOGONLY -j LOG
-A LOOP -j LOOP
`;
  const observation = observe(listing, { family: 'ipv4', prefix: 'fail2ban-' });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  const [own] = observation.observed.chains.get('fail2ban-a') ?? [];
  if (own?.kind !== 'ours') throw new Error('it is not ours');
  return readBanRule(own, observation.observed);
}

reading('a ban is of its source, or of each net of its range, by the ports that it names itself', () => {
  const bans = [
    '-s 203.0.113.7/32 -p tcp -m tcp --dport 22 -j LOGDROP',
    '-m iprange --src-range 203.0.113.7-203.0.113.9 -j REJECT',
    '-s 203.0.113.0/24 -j DROP',
  ].map((rule) => {
    const found = read(rule);
    return found.kind === 'ban' ? [found.sources.map(({ text }) => text), found.traffic] : found;
  });

  const whole = { protocol: undefined, ports: undefined };
  assert.equal(bans, [
    [['203.0.113.7'], { protocol: 'tcp', ports: '22' }],
    [['203.0.113.7', '203.0.113.8/31'], whole],
    [['203.0.113.0/24'], whole],
  ]);
});

for (const rule of [
  '-d 198.51.100.1/32 -j DROP',
  '-p tcp -m tcp ! --dport 22 -j DROP',
  '-p tcp -m tcp --sport 22 -j DROP',
  '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP',
  '-p icmp -m icmp --icmp-type 8 -j DROP',
  '! -p tcp -j DROP',
  '-m limit --limit 5/min -j DROP',
  '-m hashlimit --hashlimit-above 5/sec --hashlimit-burst 5 --hashlimit-name b -j DROP',
  '-m recent --set --name a --mask 255.255.255.255 --rsource -j DROP',
  '-m statistic --mode random --probability 0.5 -j DROP',
  '-m time --timestart 10:00:00 --timestop 11:00:00 --datestop 2038-01-19T03:14:07 -j DROP',
  '-m mark --mark 0x1 -j DROP',
  '-m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr -j DROP',
  '-m string --string "-j" --algo bm -j DROP',
  '-m socket -j DROP',
  '-m conntrack --ctstate RELATED,ESTABLISHED -j DROP',
  '-m conntrack ! --ctstate NEW -j DROP',
  '-m set --match-set mine dst -j DROP',
  '-m limit --limit 5/min -j LOGDROP',
])
  reading(`a drop of its source only now and then, or not everywhere, is no ban: -s … ${rule}`, () => {
    assert.is(read(`-s 203.0.113.7/32 ${rule}`).kind, 'other-drop');
  });

for (const rule of [
  '-j RETURN',
  '-j LOG',
  '-s 203.0.113.7/32 -j LOOP',
  '-s 203.0.113.7/32 -j LOGONLY',
  '-s 203.0.113.7/32',
])
  reading(`a rule that drops nothing is none: ${rule}`, () => {
    assert.is(read(rule).kind, 'none');
  });

reading('who is let by is told with his address', () => {
  for (const target of ['RETURN', 'ACCEPT']) {
    const found = read(`-s 203.0.113.7/32 -j ${target}`);

    assert.is(found.kind === 'pass' ? found.source.text : found.kind, '203.0.113.7');
  }
});

reading.run();
