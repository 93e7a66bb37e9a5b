import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Family } from '../../../../src/domain/net.ts';
import { NEIGHBOUR_RULES } from '../../../../src/firewall/iptables/rules/neighbour.ts';
import { parseRule } from '../../../../src/firewall/iptables/rules/parse-rule.ts';
import { textsOf } from '../../../support/rules.ts';

const neighbours = suite('neighbour rules');

const canonical = (text: string, family: Family = 'ipv4'): string | undefined =>
  parseRule(text.split(' '), family)?.text;

neighbours('what lets neighbour discovery by is printed as it is written, and means nothing in IPv4', () => {
  assert.equal(
    NEIGHBOUR_RULES.map(({ text }) => canonical(text, 'ipv6')),
    textsOf(NEIGHBOUR_RULES),
  );
  for (const other of [
    '-p ipv6-icmp -m icmp6 --icmpv6-type 135 -j RETURN',
    '-s 2001:db8::7/128 -p ipv6-icmp -m icmp6 --icmpv6-type 135 -m hl --hl-eq 255 -j RETURN',
    '-m hl --hl-eq 255 -j RETURN',
    '-p udp -m icmp6 --icmpv6-type 135 -m hl --hl-eq 255 -j RETURN',
  ])
    assert.is(canonical(other, 'ipv6'), undefined, other);
  assert.is(
    canonical('-p 58 -m icmp6 --icmpv6-type 135 -m hl --hl-eq 255 -j RETURN', 'ipv6'),
    NEIGHBOUR_RULES[2]?.text,
  );
});

neighbours.run();
