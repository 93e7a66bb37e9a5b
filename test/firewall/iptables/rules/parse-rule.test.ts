import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf, type Family } from '../../../../src/domain/net.ts';
import { NEIGHBOUR_RULES } from '../../../../src/firewall/iptables/rules/neighbour.ts';
import { parseRule } from '../../../../src/firewall/iptables/rules/parse-rule.ts';
import {
  allowRule,
  jumpRule,
  RETURN_RULE,
  setRule,
  verdictRule,
  type Rule,
} from '../../../../src/firewall/iptables/rules/rule.ts';
import { joinWords, splitWords } from '../../../../src/firewall/iptables/rules/rule-words.ts';
import { jailName, netIn, portSet } from '../../../support/arbitraries.ts';

const parsing = suite('parse rule');

const canonical = (text: string, family: Family = 'ipv4'): string | undefined =>
  parseRule(text.split(' '), family)?.text;

parsing('a printed rule that means one of ours is brought to our form', () => {
  const printed = [
    '-s 203.0.113.7/32 -j DROP',
    '-s 203.0.113.7 -j DROP',
    '-p tcp -m tcp --dport 22 -j fail2ban-x',
    '-p tcp -m tcp --dport 1000:1010 -j fail2ban-x',
    '-p tcp -m multiport --dports 80,22 -j fail2ban-x',
    '-p 6 -j fail2ban-x',
    '-p dccp -m multiport --dports 22 -j fail2ban-x',
  ];

  const forms = printed.map((text) => canonical(text));

  assert.equal(forms, [
    '-s 203.0.113.7/32 -j DROP',
    '-s 203.0.113.7/32 -j DROP',
    '-p tcp -m multiport --dports 22 -j fail2ban-x',
    '-p tcp -m multiport --dports 1000:1010 -j fail2ban-x',
    '-p tcp -m multiport --dports 22,80 -j fail2ban-x',
    '-p tcp -j fail2ban-x',
    '-p 33 -m multiport --dports 22 -j fail2ban-x',
  ]);
});

parsing('an IPv6 address that iptables prints with a dotted end is known', () => {
  assert.is(canonical('-s ::1.2.3.4/128 -j DROP', 'ipv6'), verdictRule(netOf('::102:304'), 'DROP').text);
});

parsing('a rule that says more or less than ours is none of ours', () => {
  const printed = [
    '! -s 203.0.113.7/32 -j DROP',
    '-s 203.0.113.7/32 -i eth0 -j DROP',
    '-s 203.0.113.7/32 -d 192.0.2.1/32 -j DROP',
    '-s 203.0.113.7/32 -p tcp -j DROP',
    '-s 203.0.113.7/32 -m comment --comment x -j DROP',
    '-s 203.0.113.7/32 -s 203.0.113.8/32 -j DROP',
    '-s 203.0.113.7/32',
    '-s 203.0.113.7/255.0.255.0 -j DROP',
    '-s 2001:db8::7/128 -j DROP',
    '-p tcp -m multiport ! --dports 22 -j fail2ban-x',
    '-p tcp -m multiport --sports 22 -j fail2ban-x',
    '-p tcp -m tcp --dport 22 -m tcp --sport 1 -j fail2ban-x',
    '-m multiport --dports 22 -j fail2ban-x',
    '-p tcp -m udp --dport 22 -j fail2ban-x',
    '-m conntrack --ctstate NEW -j fail2ban-x',
    '-m limit --limit 1/s -j fail2ban-x',
    '-m set --match-set fail2ban-x src -m hl --hl-eq 255 -j DROP',
    '-m set --match-set fail2ban-x src -p tcp -j DROP',
    '-m set --match-set fail2ban-x dst -j DROP',
    '-j REJECT --reject-with tcp-reset --reject-with tcp-reset',
    '-g fail2ban-x',
    '-j DROP -j DROP',
    '-j',
    '',
  ];

  const forms = printed.map((text) => canonical(text));

  assert.ok(forms.every((form) => form === undefined));
});

parsing('whatever rule is made, its text is parsed as the same rule', () => {
  const families = fc.constantFrom('ipv4', 'ipv6');
  const verdicts = fc.constantFrom('DROP', 'REJECT');
  const protocols = fc.constantFrom('tcp', 'udp', 'sctp', '33', 'icmp', 'ipv6-icmp');
  const anyRule = families.chain((family) =>
    fc
      .oneof(
        fc.tuple(netIn(family), verdicts).map(([net, verdict]) => verdictRule(net, verdict)),
        netIn(family).map(allowRule),
        fc.tuple(jailName, verdicts).map(([jail, verdict]) => setRule(`fail2ban-${jail}`, family, verdict)),
        jailName.map((jail) => jumpRule({ chain: `fail2ban-${jail}` })),
        fc
          .tuple(jailName, protocols)
          .map(([jail, protocol]) => jumpRule({ chain: `fail2ban-${jail}`, protocol })),
        fc
          .tuple(jailName, fc.constantFrom('tcp', 'udp', '33'), portSet)
          .map(([jail, protocol, ports]) => jumpRule({ chain: `fail2ban-${jail}`, protocol, ports })),
        fc.constantFrom<Rule>(RETURN_RULE, ...NEIGHBOUR_RULES),
      )
      .map((each) => ({ family, each })),
  );

  fc.assert(
    fc.property(anyRule, ({ family, each }) => {
      assert.equal(parseRule(splitWords(each.text), family), each);
      assert.is(joinWords(splitWords(each.text)), each.text);
    }),
    { numRuns: 1000 },
  );
});

parsing('no words make the parser throw, and what it takes is printed as what it takes', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '-s',
      '-p',
      '-m',
      '-j',
      '--dport',
      '--dports',
      '--match-set',
      'src',
      '--reject-with',
      '--hl-eq',
    ),
    fc.constantFrom(
      '--icmpv6-type',
      'tcp',
      'multiport',
      'set',
      'hl',
      '22',
      '80:90',
      '0:65535',
      'REJECT',
      'DROP',
    ),
    fc.constantFrom(
      '203.0.113.7/32',
      '203.0.113.7/24',
      '0.0.0.0/0',
      '58',
      'ipv6-icmp',
      'fail2ban-x',
      '!',
      '',
    ),
    fc.string(),
  );

  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      const parsed = parseRule(words, 'ipv4');

      if (parsed !== undefined && words.every((each) => /^\S+$/.test(each)))
        assert.equal(parseRule(parsed.text.split(' '), 'ipv4'), parsed, words.join(' '));
    }),
    { numRuns: 5000 },
  );
});

parsing.run();
