import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { desireJail, type DesiredJail } from '../../src/desired/desired-jail.ts';
import { countMembers } from '../../src/desired/members.ts';
import { portionsOf, type JailPortion } from '../../src/desired/portion.ts';
import { netOf } from '../../src/domain/net.ts';

const jails = suite('a desired jail');

function jailOf(ips: readonly string[], allowed: readonly string[]): DesiredJail {
  const claims = ips.map((ip, index) => ({
    ip: netOf(ip),
    jail: 'sshd',
    ports: String(index + 1),
    protocols: 'tcp',
  }));
  const portions = Array.from(portionsOf(claims, 'ipv4'), ([region, portion]): [string, JailPortion][] => {
    const own = portion.get('sshd');
    return own === undefined ? [] : [[region, own]];
  }).flat();
  return desireJail(new Map(portions), allowed.map(netOf));
}

jails('holds the members and the traffic of all its regions', () => {
  const jail = jailOf(['203.0.113.7', '198.51.100.7', '198.51.100.8'], []);

  assert.is(countMembers(jail.members), 3);
  assert.equal(Array.from(jail.traffic), [['tcp', [1, 2, 3].map((port) => [port, port])]]);
});

jails('lets by, in order, the outermost of those who are allowed inside of a member', () => {
  const allowed = [
    '198.51.100.9',
    '203.0.113.64/26',
    '203.0.113.65',
    '192.0.2.7',
    '198.51.100.9',
    '203.0.113.7',
  ];

  const jail = jailOf(['203.0.113.0/24', '198.51.100.0/24', '192.0.2.7'], allowed);

  assert.equal(
    jail.allowed.map(({ text }) => text),
    ['198.51.100.9', '203.0.113.7', '203.0.113.64/26'],
  );
});

jails.run();
