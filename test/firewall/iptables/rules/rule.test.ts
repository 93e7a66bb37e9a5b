import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { transactionsOf } from '../../../../src/firewall/iptables/apply/transactions.ts';
import type { EnforcedClaim } from '../../../../src/desired/portion.ts';
import { netOf, type Family } from '../../../../src/domain/net.ts';
import { formatPorts } from '../../../../src/domain/ports.ts';
import { observe, type Observed } from '../../../../src/firewall/iptables/observed/observe.ts';
import { plan } from '../../../../src/firewall/iptables/plan/plan.ts';
import { allowRule, jumpRule, verdictRule } from '../../../../src/firewall/iptables/rules/rule.ts';
import { openFirewall } from '../../../../src/system/firewall/iptables.ts';
import type { Variant } from '../../../../src/domain/variant.ts';
import { run } from '../../../../src/system/processes/run.ts';
import type { Ruleset } from '../../../../src/firewall/iptables/wanted/ruleset.ts';
import { jailName, netIn, portSet, protocolsText } from '../../../support/arbitraries.ts';
import { clearFirewall } from '../../../support/firewall.ts';
import { requirePrivateNetwork } from '../../../support/namespaces.ts';
import { rulesetFor, textsOf } from '../../../support/rules.ts';

const rule = suite('rule');

const PREFIX = 'fail2ban-';

rule.before(requirePrivateNetwork);
rule.after(clearFirewall);

rule('a ban is one rule', () => {
  const rules = [
    verdictRule(netOf('203.0.113.7'), 'DROP'),
    verdictRule(netOf('203.0.113.0/24'), 'REJECT'),
    verdictRule(netOf('2001:db8::7'), 'DROP'),
    verdictRule(netOf('2001:db8::/48'), 'REJECT'),
  ];

  assert.equal(textsOf(rules), [
    '-s 203.0.113.7/32 -j DROP',
    '-s 203.0.113.0/24 -j REJECT --reject-with icmp-port-unreachable',
    '-s 2001:db8::7/128 -j DROP',
    '-s 2001:db8::/48 -j REJECT --reject-with icmp6-port-unreachable',
  ]);
});

rule('all addresses are written as iptables prints them: not at all', () => {
  const rules = [verdictRule(netOf('0.0.0.0/0'), 'DROP'), allowRule(netOf('::/0'))];

  assert.equal(textsOf(rules), ['-j DROP', '-j RETURN']);
});

rule('a jump names its ports only where there are some, and a protocol only where there is one', () => {
  const rules = [
    jumpRule({ chain: 'fail2ban-x' }),
    jumpRule({ chain: 'fail2ban-x', protocol: 'udp' }),
    jumpRule({
      chain: 'fail2ban-x',
      protocol: 'tcp',
      ports: [
        [22, 22],
        [80, 90],
      ],
    }),
  ];

  assert.equal(textsOf(rules), [
    '-j fail2ban-x',
    '-p udp -j fail2ban-x',
    '-p tcp -m multiport --dports 22,80:90 -j fail2ban-x',
  ]);
});

/** Whether iptables prints our rules as we write them: what differs would be put right in each pass, for ever. */
for (const variant of ['nft', 'legacy'] as const) {
  for (const family of ['ipv4', 'ipv6'] as const) {
    rule(`iptables-${variant} prints every ${family} rule as it is written`, async () => {
      await fc.assert(
        fc.asyncProperty(anyDesired(family), async (desired) => {
          await clearFirewall();

          const observed = await apply(desired, variant);

          for (const [chain, { allows, verdicts }] of desired.chains) {
            assert.equal(printedIn(observed, chain), [
              ...textsOf([...allows, ...verdicts.values()]),
              '-j RETURN',
            ]);
          }
          assert.equal(printedIn(observed, 'INPUT'), textsOf(desired.jumps));
          assert.equal(printedIn(observed, 'FORWARD'), textsOf(desired.jumps));
        }),
        { numRuns: 6 },
      );
    });
  }
}

/** Many rules at once: a run of iptables takes a hundred times longer than a rule. */
function anyDesired(family: Family): fc.Arbitrary<Ruleset> {
  const wanted: fc.Arbitrary<EnforcedClaim> = fc.record({
    ip: netIn(family),
    jail: fc.oneof(fc.constantFrom('sshd', 'x'.repeat(60)), jailName),
    ports: portSet.map(formatPorts),
    protocols: protocolsText,
  });
  return fc
    .record({
      wanted: fc.array(wanted, { minLength: 60, maxLength: 80 }),
      verdict: fc.constantFrom('DROP', 'REJECT'),
      deny: fc.array(netIn(family), { minLength: 10, maxLength: 20 }),
      allowed: fc.array(netIn(family), { minLength: 10, maxLength: 20 }),
    })
    .map(({ wanted: all, ...rest }) =>
      rulesetFor(all, { family, prefix: PREFIX, backend: 'rules', ...rest }),
    );
}

async function apply(desired: Ruleset, variant: Variant): Promise<Observed> {
  const { family } = desired;
  const firewall = await openFirewall(run, variant);
  const look = async (): Promise<Observed> => {
    const listing = observe(await firewall.list(family), { family, prefix: PREFIX });
    if (listing.kind === 'unreadable') throw new Error(listing.reason);
    return listing.observed;
  };
  const { changes } = plan(desired, await look(), {
    hooks: ['INPUT', 'FORWARD'],
    prefix: PREFIX,
    variant,
    now: 0,
  });
  for (const { text } of transactionsOf(changes)) await firewall.restore(family, text);
  return look();
}

function printedIn(observed: Observed, chain: string): readonly string[] {
  return (observed.chains.get(chain) ?? []).map((rule) =>
    rule.kind === 'ours' ? (rule.rule?.text ?? rule.printed) : 'foreign',
  );
}

rule.run();
