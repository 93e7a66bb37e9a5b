import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EnforcedClaim } from '../../../../src/desired/portion.ts';
import { contains, netOf } from '../../../../src/domain/net.ts';
import { formatPorts } from '../../../../src/domain/ports.ts';
import type { Rule } from '../../../../src/firewall/iptables/rules/rule.ts';
import { rulesetOf, type Ruleset } from '../../../../src/firewall/iptables/wanted/ruleset.ts';
import { jailName, netIn, portSet, protocolsText } from '../../../support/arbitraries.ts';
import { desireAll, rulesetFor, type RulesetOptions, textsOf } from '../../../support/rules.ts';

const desiring = suite('ruleset');

interface Options {
  readonly family?: 'ipv4' | 'ipv6';
  readonly verdict?: 'DROP' | 'REJECT';
  readonly deny?: readonly string[];
  readonly allowed?: readonly string[];
}

const PREFIX = 'fail2ban-';

function want(ip: string, changes: Partial<EnforcedClaim> = {}): EnforcedClaim {
  return { ip: netOf(ip), jail: 'sshd', ports: '22', protocols: 'tcp', ...changes };
}

function desired(wanted: readonly EnforcedClaim[], options: Options = {}): Ruleset {
  const { family = 'ipv4', verdict = 'DROP', deny = [], allowed = [] } = options;
  return rulesetFor(wanted, {
    family,
    prefix: PREFIX,
    verdict,
    backend: 'rules',
    deny: deny.map(netOf),
    allowed: allowed.map(netOf),
  });
}

const jumpsFor = (ports: string, protocols: string, family: 'ipv4' | 'ipv6' = 'ipv4'): readonly string[] =>
  textsOf(
    desired([want(family === 'ipv4' ? '203.0.113.7' : '2001:db8::7', { ports, protocols })], { family })
      .jumps,
  );

/** As the rules of a chain stand. */
function show({ chains, jumps }: Ruleset): string {
  const lines = Array.from(chains, ([chain, { allows, verdicts }]) =>
    textsOf([...allows, ...verdicts.values()]).map((rule) => `${chain} ${rule}`),
  );
  return [...jumps.map(({ text }) => `jump ${text}`), ...lines.flat()].join('\n');
}

desiring('bans become chains as the article had them, in the order of their names', () => {
  const ruleset = desired([
    want('203.0.113.7'),
    want('203.0.113.8'),
    want('203.0.113.9', { jail: 'apache-overflows', ports: '80,443' }),
    want('2001:db8::7'),
  ]);

  assert.is(
    show(ruleset),
    [
      'jump -p tcp -m multiport --dports 80,443 -j fail2ban-apache-overflows',
      'jump -p tcp -m multiport --dports 22 -j fail2ban-sshd',
      'fail2ban-apache-overflows -s 203.0.113.9/32 -j DROP',
      'fail2ban-sshd -s 203.0.113.7/32 -j DROP',
      'fail2ban-sshd -s 203.0.113.8/32 -j DROP',
    ].join('\n'),
  );
});

desiring('each family has what is of it', () => {
  const ruleset = desired([want('203.0.113.7'), want('2001:db8::7')], { family: 'ipv6', verdict: 'REJECT' });

  assert.is(
    show(ruleset),
    [
      'jump -p tcp -m multiport --dports 22 -j fail2ban-sshd',
      'fail2ban-sshd -s 2001:db8::7/128 -j REJECT --reject-with icmp6-port-unreachable',
    ].join('\n'),
  );
});

desiring('without bans there is no chain and no jump', () => {
  const ruleset = desired([want('2001:db8::7')]);

  assert.is(ruleset.chains.size, 0);
  assert.equal(ruleset.jumps, []);
});

desiring('an address that two servers claim in a jail is one rule', () => {
  const ruleset = desired([want('203.0.113.7'), want('203.0.113.7', { ports: '2222' })]);

  assert.is(
    show(ruleset),
    [
      'jump -p tcp -m multiport --dports 22,2222 -j fail2ban-sshd',
      'fail2ban-sshd -s 203.0.113.7/32 -j DROP',
    ].join('\n'),
  );
});

desiring('the jumps of a chain let in what any of its claims is about', () => {
  const ruleset = desired([
    want('203.0.113.7', { ports: '22', protocols: 'tcp' }),
    want('203.0.113.8', { ports: '2222', protocols: 'tcp,udp' }),
    want('203.0.113.9', { ports: '22', protocols: 'icmp' }),
  ]);

  assert.equal(textsOf(ruleset.jumps), [
    '-p tcp -m multiport --dports 22,2222 -j fail2ban-sshd',
    '-p udp -m multiport --dports 2222 -j fail2ban-sshd',
    '-p icmp -j fail2ban-sshd',
  ]);
});

desiring(
  'all ports need no port match, all protocols no protocol, and protocols without ports neither',
  () => {
    assert.equal(jumpsFor('all', 'tcp'), ['-p tcp -j fail2ban-sshd']);
    assert.equal(jumpsFor('all', 'all'), ['-j fail2ban-sshd']);
    assert.equal(jumpsFor('all', 'tcp,dccp'), ['-p tcp -j fail2ban-sshd', '-p 33 -j fail2ban-sshd']);
    assert.equal(jumpsFor('22', 'icmp'), ['-p icmp -j fail2ban-sshd']);
    assert.equal(jumpsFor('22', 'icmp', 'ipv6'), ['-p ipv6-icmp -j fail2ban-sshd']);
  },
);

desiring('certain ports of all protocols are those of the protocols that have ports', () => {
  assert.equal(jumpsFor('22', 'all'), [
    '-p tcp -m multiport --dports 22 -j fail2ban-sshd',
    '-p udp -m multiport --dports 22 -j fail2ban-sshd',
    '-p sctp -m multiport --dports 22 -j fail2ban-sshd',
    '-p 33 -m multiport --dports 22 -j fail2ban-sshd',
  ]);
});

desiring('neighbour discovery is let by where a chain takes ICMPv6, and nowhere else', () => {
  const allowsFor = (ip: string, ports: string, protocols: string): readonly string[] => {
    const { chains } = desired([want(ip, { ports, protocols })], {
      family: ip.includes(':') ? 'ipv6' : 'ipv4',
      allowed: ['2001:db8::9'],
    });
    return textsOf(chains.get('fail2ban-sshd')?.allows ?? []);
  };
  const types = (rules: readonly string[]): readonly string[] =>
    rules.map((rule) => /--icmpv6-type (\d+) .* -j RETURN$/.exec(rule)?.[1] ?? rule);
  const letBy = ['133', '134', '135', '136', '137', '130'];

  assert.equal(types(allowsFor('2001:db8::7', 'all', 'all')), letBy);
  assert.equal(types(allowsFor('2001:db8::7', '22', 'tcp,icmp')), letBy);
  assert.equal(types(allowsFor('2001:db8::/64', 'all', 'icmp')), [...letBy, '-s 2001:db8::9/128 -j RETURN']);
  assert.equal(allowsFor('2001:db8::7', '22', 'all'), []);
  assert.equal(allowsFor('2001:db8::7', 'all', 'tcp,udp'), []);
  assert.equal(allowsFor('203.0.113.7', 'all', 'all'), []);
});

desiring('40 ports are three jumps: a multiport match takes 15', () => {
  const ports = Array.from({ length: 40 }, (_, index) => 1000 + 2 * index).join(',');

  assert.is(jumpsFor(ports, 'tcp').length, 3);
});

desiring('hundreds of ports are all ports: every packet passes every jump', () => {
  const odd = (count: number): string => Array.from({ length: count }, (_, index) => 1 + 2 * index).join(',');

  assert.is(jumpsFor(odd(120), 'tcp').length, 8);
  assert.equal(jumpsFor(odd(121), 'tcp,udp'), ['-p tcp -j fail2ban-sshd', '-p udp -j fail2ban-sshd']);
});

desiring('what is denied is dropped on all ports, ahead of all jails', () => {
  const ruleset = desired([want('203.0.113.7')], { deny: ['198.51.100.0/24', '2001:db8::/32'] });

  assert.is(
    show(ruleset),
    [
      'jump -j fail2ban-.deny',
      'jump -p tcp -m multiport --dports 22 -j fail2ban-sshd',
      'fail2ban-.deny -s 198.51.100.0/24 -j DROP',
      'fail2ban-sshd -s 203.0.113.7/32 -j DROP',
    ].join('\n'),
  );
});

desiring('an allowed net inside a banned one returns ahead of it, in that chain alone', () => {
  const ruleset = desired([want('192.0.2.0/24'), want('203.0.113.7', { jail: 'web' })], {
    allowed: ['192.0.2.7', '192.0.2.64/26', '192.0.2.65', '198.51.100.1', '192.0.2.7'],
    deny: ['198.51.100.0/24'],
  });

  assert.is(
    show(ruleset),
    [
      'jump -j fail2ban-.deny',
      'jump -p tcp -m multiport --dports 22 -j fail2ban-sshd',
      'jump -p tcp -m multiport --dports 22 -j fail2ban-web',
      'fail2ban-.deny -s 198.51.100.1/32 -j RETURN',
      'fail2ban-.deny -s 198.51.100.0/24 -j DROP',
      'fail2ban-sshd -s 192.0.2.7/32 -j RETURN',
      'fail2ban-sshd -s 192.0.2.64/26 -j RETURN',
      'fail2ban-sshd -s 192.0.2.0/24 -j DROP',
      'fail2ban-web -s 203.0.113.7/32 -j DROP',
    ].join('\n'),
  );
});

desiring('whatever is claimed, no allowed address is dropped, and every other claimed one is', () => {
  const net = netIn('ipv4');
  const everything = fc.record({
    wanted: fc.array(
      fc.record({ ip: net, jail: jailName, ports: portSet.map(formatPorts), protocols: protocolsText }),
      { minLength: 1, maxLength: 8 },
    ),
    deny: fc.array(net, { maxLength: 3 }),
    allowed: fc.array(net, { maxLength: 4 }),
  });

  fc.assert(
    fc.property(everything, net, ({ wanted, deny, allowed }, other) => {
      // Claims inside of an allowed net never come here.
      const judged = (ip: EnforcedClaim['ip']): boolean => !allowed.some((each) => contains(each, ip));
      const claims = wanted.filter(({ ip }) => judged(ip));
      const options: RulesetOptions = {
        family: 'ipv4',
        prefix: PREFIX,
        verdict: 'DROP',
        backend: 'rules',
        deny: deny.filter(judged),
        allowed,
      };

      const ruleset = rulesetFor(claims, options);

      const dropped = (ip: EnforcedClaim['ip']): boolean =>
        Array.from(ruleset.chains.values()).some(({ allows, verdicts }) => {
          const first = [...allows, ...verdicts.values()].find((rule) => contains(sourceOf(rule), ip));
          return first?.to === 'DROP';
        });
      for (const { text } of [...allowed, other, ...wanted.map(({ ip }) => ip)]) {
        const host = netOf(text.replace(/\/.*/, ''));
        const isAllowed = allowed.some((each) => contains(each, host));
        const isClaimed = [...claims.map(({ ip }) => ip), ...options.deny].some((each) =>
          contains(each, host),
        );
        assert.is(dropped(host), isClaimed && !isAllowed, host.text);
      }
    }),
    { numRuns: 500 },
  );
});

desiring('a chain whose jail and means are what they were is the same object', () => {
  const jails = desireAll([want('203.0.113.7'), want('192.0.2.1', { jail: 'web' })], {
    ...{ family: 'ipv4', deny: [], allowed: [] },
  });
  const means = { prefix: PREFIX, verdict: 'DROP', backend: 'rules' } as const;
  const before = rulesetOf(jails, means);

  const again = rulesetOf(jails, { ...means }, before);

  assert.is(again.chains.get('fail2ban-web'), before.chains.get('fail2ban-web'));
  for (const other of [{ verdict: 'REJECT' }, { backend: 'ipset' }, { prefix: 'ban-' }] as const) {
    const { chains } = rulesetOf(jails, { ...means, ...other }, before);
    for (const chain of chains.values()) assert.not.ok([...before.chains.values()].includes(chain));
  }
});

desiring('the order in which claims come does not matter', () => {
  const wanted = fc.record({
    ip: netIn('ipv4'),
    jail: fc.constantFrom('sshd', 'web', 'x'.repeat(60)),
    ports: portSet.map(formatPorts),
    protocols: protocolsText,
  });

  fc.assert(
    fc.property(fc.array(wanted, { maxLength: 10 }), (all) => {
      const one = desired(all);
      const other = desired([...all].reverse());

      const standing = ({ chains, jumps }: Ruleset): unknown => [
        jumps,
        Array.from(chains, ([name, { allows, verdicts }]) => [
          name,
          allows,
          textsOf(verdicts.values()).sort(),
        ]),
      ];
      assert.equal(standing(other), standing(one));
    }),
  );
});

function sourceOf(rule: Rule): EnforcedClaim['ip'] {
  return netOf(rule.match === 'source' ? rule.source : '0.0.0.0/0');
}

desiring.run();
