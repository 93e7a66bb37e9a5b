import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trafficInto } from '../../../../src/firewall/iptables/observed/dropped-traffic.ts';
import type { ObservedRule } from '../../../../src/firewall/iptables/observed/observe.ts';
import { ruleFrom } from '../../../support/rules.ts';

const traffic = suite('dropped traffic');

const hook = (...jumps: readonly string[]): readonly ObservedRule[] =>
  jumps.map((text) => {
    const rule = ruleFrom(text, 'ipv6');
    return { kind: 'ours', rule, printed: text, jumpsTo: rule.to, packets: 0, bytes: 0 };
  });

const into = (chains: readonly string[], ...jumps: readonly string[]): readonly string[] =>
  trafficInto(new Set(chains), [[...hook(...jumps), { kind: 'foreign' }], hook(...jumps)]);

traffic('is that of all jumps to the chains, by protocol, as claims call them', () => {
  assert.equal(
    into(
      ['a', 'b'],
      '-p tcp -m multiport --dports 22,2000:2010 -j a',
      '-p tcp -m multiport --dports 22,80 -j b',
      '-p udp -m multiport --dports 53 -j b',
      '-p 33 -j a',
      '-p ipv6-icmp -j a',
      '-p esp -j a',
      '-j c',
    ),
    ['22,80,2000:2010/tcp', '53/udp', 'all dccp ports', 'all icmp', 'all esp'],
  );
});

traffic('is all where one jump is for all, or one for all ports of a protocol', () => {
  assert.equal(into(['a', 'b'], '-p tcp -m multiport --dports 22 -j a', '-j b'), ['all ports']);
  assert.equal(into(['a', 'b'], '-p tcp -m multiport --dports 22 -j a', '-p tcp -j b'), ['all tcp ports']);
  assert.equal(into(['d'], '-j a'), []);
});

traffic.run();
