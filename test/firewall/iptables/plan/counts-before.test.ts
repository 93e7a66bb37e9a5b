import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { observe, type Observed } from '../../../../src/firewall/iptables/observed/observe.ts';
import {
  countsOfSets,
  countsOfRules,
  countsOfSet,
} from '../../../../src/firewall/iptables/plan/counts-before.ts';
import { membersIn } from '../../../../src/firewall/iptables/observed/listing-reader.ts';

const test = suite('what nets counted where they stood');

const CHAIN = 'fail2ban-x';

function standing(isCounted: boolean, ...rules: readonly string[]): Observed {
  const listing = ['-P INPUT ACCEPT', `-N ${CHAIN}`, ...rules.map((rule) => `-A ${CHAIN} ${rule}`)];
  const observation = observe(listing.join('\n'), { family: 'ipv4', prefix: 'fail2ban-' });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  const lines = '203.0.113.7 timeout 0 packets 3 bytes 180\n';
  const content = { kind: 'listed', members: membersIn(lines), at: 0 } as const;
  const set = { name: CHAIN, make: 'fit', capacity: 9, references: 1, isCounted, content } as const;
  return { ...observation.observed, sets: new Map([[CHAIN, set]]) };
}

const IN_SET = `-m set --match-set ${CHAIN} src -c 4 240 -j DROP`;

test('are those of rules that drop one net, and of none that lets by', () => {
  const { chains } = standing(
    true,
    '-s 203.0.113.7/32 -c 2 120 -j DROP',
    '-s 203.0.113.8/32 -c 0 0 -j DROP',
    '-s 203.0.113.9/32 -c 5 300 -j RETURN',
    IN_SET,
    '-c 6 360 -j RETURN',
  );

  assert.equal([...countsOfRules(chains.get(CHAIN))], [['203.0.113.7', { packets: 2, bytes: 120 }]]);
  assert.equal([...countsOfRules(undefined)], []);
});

test('are those of a set that counts', () => {
  assert.equal([...countsOfSet(CHAIN, standing(true))], [['203.0.113.7', { packets: 3, bytes: 180 }]]);
  assert.equal([...countsOfSet(CHAIN, standing(false))], []);
  assert.equal([...countsOfSet('fail2ban-y', standing(true))], []);
});

test('are told of a chain that looks into a set that counts, and of no other', () => {
  const found = (isCounted: boolean, ...rules: readonly string[]): unknown => {
    const observed = standing(isCounted, ...rules);
    return countsOfSets(observed.chains.get(CHAIN), observed)?.size;
  };

  assert.is(found(true, IN_SET), 1);
  assert.is(found(false, IN_SET), undefined);
  assert.is(found(true, '-s 203.0.113.7/32 -j DROP'), undefined);
  assert.is(countsOfSets(undefined, standing(true)), undefined);
});

test.run();
