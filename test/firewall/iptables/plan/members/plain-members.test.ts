import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../../../src/domain/net.ts';
import { PlainMembers } from '../../../../../src/firewall/iptables/plan/members/plain-members.ts';
import { tableOf } from '../../../../lists/table-of.ts';

const plain = suite('the members of a plain set');

plain('are all nets, as often as they are asked for, without an end', () => {
  const members = new PlainMembers(tableOf(['9.9.9.0/24', '8.8.8.8'].map(netOf)).parts('ipv4'));

  const all = [
    { text: '8.8.8.8', timeout: 0 },
    { text: '9.9.9.0/24', timeout: 0 },
  ];
  assert.is(members.length, 2);
  assert.equal([Array.from(members), Array.from(members)], [all, all]);
});

plain.run();
