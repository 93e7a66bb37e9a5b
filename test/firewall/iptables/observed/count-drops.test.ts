import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  droppedSince,
  netDrops,
  uncountedChains,
} from '../../../../src/firewall/iptables/observed/count-drops.ts';
import { observe, type Observed } from '../../../../src/firewall/iptables/observed/observe.ts';

const test = suite('counting what is dropped');

const JAILS = {
  desired: { jails: new Map([['sshd', {}]]) },
  means: { prefix: 'fail2ban-' },
};

function standing(...rules: readonly string[]): Observed {
  const chains = ['fail2ban-sshd', 'fail2ban-.deny', 'fail2ban-old'];
  const listing = ['-P INPUT ACCEPT -c 9 9', ...chains.map((chain) => `-N ${chain}`), ...rules].join('\n');
  const observation = observe(listing, { family: 'ipv4', prefix: 'fail2ban-' });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  return observation.observed;
}

const host = (last: number, packets: number, target = 'DROP'): string =>
  `-A fail2ban-sshd -s 203.0.113.${last}/32 -c ${packets} ${packets * 60} -j ${target}`;

test('tells each net that dropped something, of jails and of what the policy denies, and nothing else', () => {
  const observed = standing(
    '-A INPUT -c 50 3000 -j fail2ban-sshd',
    host(1, 5, 'RETURN'),
    host(7, 2),
    host(8, 0),
    '-A fail2ban-sshd -s 198.51.100.0/24 -c 3 180 -j REJECT --reject-with icmp-port-unreachable',
    '-A fail2ban-sshd -m set --match-set fail2ban-sshd src -c 4 240 -j DROP',
    '-A fail2ban-sshd -c 6 360 -j RETURN',
    '-A fail2ban-.deny -c 1 60 -j DROP',
    '-A fail2ban-old -s 192.0.2.1/32 -c 9 540 -j DROP',
  );

  const where = { family: 'ipv4', jail: 'sshd', chain: 'fail2ban-sshd' };
  assert.equal(
    [...netDrops(JAILS, observed)],
    [
      { ...where, ip: '203.0.113.7', packets: 2, bytes: 120 },
      { ...where, ip: '198.51.100.0/24', packets: 3, bytes: 180 },
      { ...where, jail: 'policy', chain: 'fail2ban-.deny', ip: '0.0.0.0/0', packets: 1, bytes: 60 },
    ],
  );
  assert.equal(uncountedChains(JAILS, observed), ['fail2ban-sshd']);
});

test('sums up what is more, counts a rule that was made anew from nought, and takes no ended ban off', () => {
  const before = standing(host(1, 100), host(2, 50), host(3, 7));
  const after = standing(host(2, 51), host(3, 3), host(4, 10));
  const since = (than: Observed | undefined): unknown =>
    droppedSince(than, JAILS, after).map(({ jail, packets, bytes }) => [jail, packets, bytes]);

  assert.equal(since(before), [
    ['sshd', 14, 14 * 60],
    ['policy', 0, 0],
  ]);
  assert.equal(since(after), []);
  assert.equal(since(undefined), [
    ['sshd', 0, 0],
    ['policy', 0, 0],
  ]);
});

test('counts what is dropped ahead of connection tracking with what is dropped after it', () => {
  const both = (inFilter: number, inRaw: number): Observed => {
    const rule = (packets: number): string =>
      `-m set --match-set fail2ban-sshd src -c ${packets} ${packets * 60} -j DROP`;
    const raw = ['-P PREROUTING ACCEPT', '-N fail2ban-.early', `-A fail2ban-.early ${rule(inRaw)}`];
    const seen = observe(raw.join('\n'), { family: 'ipv4', prefix: 'fail2ban-', first: 'PREROUTING' });
    if (seen.kind === 'unreadable') throw new Error(seen.reason);
    const table = standing(`-A fail2ban-sshd ${rule(inFilter)}`);
    return { ...table, raw: { kind: 'read', chains: seen.observed.chains } };
  };

  const [sshd, policy] = droppedSince(both(40, 100), JAILS, both(42, 170));

  assert.equal([sshd?.packets, sshd?.bytes, policy?.packets], [72, 72 * 60, 0]);
});

test('counts what a set drops by the rule that looks into it', () => {
  const inSet = (packets: number): Observed =>
    standing(`-A fail2ban-sshd -m set --match-set fail2ban-sshd src -c ${packets} ${packets * 60} -j DROP`);

  assert.equal(
    droppedSince(inSet(40), JAILS, inSet(42)).map(({ packets, bytes }) => [packets, bytes]),
    [
      [2, 120],
      [0, 0],
    ],
  );
});

test('counts nothing twice that rules took over from a set', () => {
  const inSet = standing('-A fail2ban-sshd -m set --match-set fail2ban-sshd src -c 40 2400 -j DROP');

  assert.equal(
    droppedSince(inSet, JAILS, standing(host(1, 30), host(2, 10))).map(({ packets }) => packets),
    [0, 0],
  );
});

test.run();
