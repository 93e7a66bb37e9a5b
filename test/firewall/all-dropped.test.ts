import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { allDropped } from '../../src/firewall/all-dropped.ts';
import { desireAll } from '../support/rules.ts';

const dropping = suite('all dropped');

dropping('are the members of all jails, and whom the policy denies', () => {
  const wanted = ['203.0.113.7', '203.0.113.0/28'].map((ip, index) => ({
    ...{ ip: netOf(ip), jail: `jail-${index}` },
    ...{ ports: '22', protocols: 'tcp' },
  }));

  const desired = desireAll(wanted, { family: 'ipv4', deny: [netOf('10.0.0.0/8')], allowed: [] });

  assert.equal([...allDropped(desired)].toSorted(), ['10.0.0.0/8', '203.0.113.0/28', '203.0.113.7']);
});

dropping('are none where nobody is banned', () => {
  const desired = desireAll([], { family: 'ipv4', deny: [], allowed: [] });

  assert.is(allDropped(desired).size, 0);
});

dropping.run();
