import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contains, netOf } from '../../../../src/domain/net.ts';
import { droppedTraffic, rulesOn } from '../../../../src/firewall/iptables/observed/about-address.ts';
import { observe, type Observed } from '../../../../src/firewall/iptables/observed/observe.ts';
import type { ObservedSet } from '../../../../src/firewall/iptables/observed/observe-sets.ts';
import { membersIn } from '../../../../src/firewall/iptables/observed/listing-reader.ts';

const test = suite('what stands about an address');

const IP = netOf('203.0.113.7');
const HOOKS = ['INPUT', 'FORWARD', 'DOCKER-USER'];
const JUMPS = ['INPUT', 'FORWARD'].map((hook) => `-A ${hook} -p tcp -m multiport --dports 22 -j fail2ban-a`);
const IN_SET = '-A fail2ban-a -m set --match-set fail2ban-a src -c 7 420 -j DROP';

function standing(...lines: readonly string[]): Observed {
  const listing = ['-P INPUT ACCEPT', '-P FORWARD ACCEPT', '-N fail2ban-a', ...lines].join('\n');
  const observation = observe(listing, { family: 'ipv4', prefix: 'fail2ban-' });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  const set: ObservedSet = {
    ...{ name: 'fail2ban-a', make: 'fit', capacity: 9, isCounted: true, references: 1 },
    content: {
      kind: 'listed',
      members: membersIn(
        '203.0.113.0/24 timeout 0 packets 6 bytes 360\n192.0.2.1 timeout 0 packets 1 bytes 60\n',
      ),
      at: 0,
    },
  };
  return { ...observation.observed, sets: new Map([[set.name, set]]) };
}

test('is each rule that names it, and each member of a set', () => {
  const observed = standing('-A fail2ban-a -s 198.51.100.1/32 -c 0 0 -j DROP', IN_SET);

  assert.equal(
    rulesOn(observed, (net) => contains(net, IP)),
    [
      {
        ...{ kind: 'rule', chain: 'fail2ban-a', packets: 7, bytes: 420 },
        rule: '-m set --match-set fail2ban-a src -j DROP',
      },
      { kind: 'member', set: 'fail2ban-a', member: '203.0.113.0/24', packets: 6, bytes: 360 },
    ],
  );
});

test('is dropped where each hook leads to a chain whose first rule about it drops', () => {
  const dropped = (...lines: readonly string[]): unknown => droppedTraffic(standing(...lines), IP, HOOKS);

  assert.equal(dropped(...JUMPS, IN_SET), ['22/tcp']);
  assert.equal(dropped(...JUMPS, '-A fail2ban-a -j DROP'), ['22/tcp']);
  assert.is(dropped(...JUMPS, '-A fail2ban-a -s 203.0.113.7/32 -j RETURN', IN_SET), undefined);
  assert.is(dropped(...JUMPS.slice(1), IN_SET), undefined);
  assert.is(dropped(...JUMPS, '-A fail2ban-a -s 192.0.2.1/32 -j DROP'), undefined);
});

test.run();
