import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canonicalRuleProtocol, parseProtocols, PROTOCOLS, ruleProtocol } from '../../src/domain/protocol.ts';

const protocol = suite('protocol');

protocol('one protocol or a comma list becomes a list in one order', () => {
  const results = ['tcp', 'udp, tcp', 'UDP,tcp,udp', 'icmp'].map(parseProtocols);

  assert.equal(results, [['tcp'], ['tcp', 'udp'], ['tcp', 'udp'], ['icmp']]);
});

protocol('all swallows the others', () => {
  assert.equal(parseProtocols('tcp,all'), ['all']);
});

protocol('a word that is no protocol makes the whole list refused', () => {
  const results = ['', 'tcp,', 'gre', 'tcp;udp', 'tcp udp', '6', '-j'].map(parseProtocols);

  assert.ok(results.every((result) => result === undefined));
});

protocol('each protocol has one name in a rule, by which it is known again', () => {
  for (const each of PROTOCOLS) {
    for (const family of ['ipv4', 'ipv6'] as const) {
      const name = ruleProtocol(each, family);

      assert.is(canonicalRuleProtocol(name), name);
    }
  }
});

protocol('numbers and other names that iptables prints are known', () => {
  const names = ['6', '17', '132', 'dccp', '33', '58', 'icmpv6', '1', 'gre'].map(canonicalRuleProtocol);

  assert.equal(names, ['tcp', 'udp', 'sctp', '33', '33', 'ipv6-icmp', 'ipv6-icmp', 'icmp', 'gre']);
});

protocol.run();
