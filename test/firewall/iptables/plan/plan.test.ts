import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../../src/domain/net.ts';
import { observe, type Observed } from '../../../../src/firewall/iptables/observed/observe.ts';
import { isSetChange } from '../../../../src/firewall/change.ts';
import { plan, type Plan } from '../../../../src/firewall/iptables/plan/plan.ts';
import { rulesetFor } from '../../../support/rules.ts';
import { membersIn } from '../../../../src/firewall/iptables/observed/listing-reader.ts';

const planning = suite('plan');

const PREFIX = 'fail2ban-';

const host = (index: number): string => `10.0.${index >> 8}.${index & 255}`;

const hosts = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => host(from + index));

/** A table with these bans in one chain, to which each hook jumps. */
function standing(bans: readonly string[]): Observed {
  const listing = [
    '-P INPUT ACCEPT',
    '-P FORWARD ACCEPT',
    '-N fail2ban-sshd',
    '-A INPUT -c 5 300 -j fail2ban-sshd',
    '-A FORWARD -c 5 300 -j fail2ban-sshd',
    ...bans.map((ban, index) => `-A fail2ban-sshd -s ${ban}/32 -c ${index} ${index * 60} -j DROP`),
    '-A fail2ban-sshd -c 1 60 -j RETURN',
  ].join('\n');
  const observation = observe(listing, { family: 'ipv4', prefix: PREFIX });
  if (observation.kind === 'unreadable') throw new Error(observation.reason);
  return observation.observed;
}

function planned(wanted: readonly string[], observed: Observed): Plan {
  const bans = wanted.map((ban) => ({ ip: netOf(ban), jail: 'sshd', ports: 'all', protocols: 'all' }));
  const desired = rulesetFor(bans, {
    family: 'ipv4',
    prefix: PREFIX,
    verdict: 'DROP',
    backend: 'rules',
    deny: [],
    allowed: [],
  });
  return plan(desired, observed, {
    hooks: ['INPUT', 'FORWARD', 'DOCKER-USER'],
    prefix: PREFIX,
    variant: 'nft',
    now: 0,
  });
}

planning('a hook that does not exist is told of and waited for', () => {
  const { changes, missingHooks } = planned([host(1)], standing([host(1)]));

  assert.equal(missingHooks, ['DOCKER-USER']);
  assert.equal(changes, []);
});

planning('a long chain that is as it should be is looked at in a moment', () => {
  const bans = hosts(0, 20_000);
  const observed = standing(bans);
  const startedAt = process.cpuUsage();

  const { changes } = planned(bans, observed);

  const { user } = process.cpuUsage(startedAt);
  assert.equal(changes, []);
  assert.ok(user < 1_500_000, `${user} µs`);
});

const IN_SET = '-m set --match-set fail2ban-sshd src -j DROP';

const ALLOWS = ['-s 198.51.100.7/32 -j RETURN', '-s 203.0.113.9/32 -j RETURN'];

planning('no set grows before all that is allowed stands ahead of the rule that looks into it', () => {
  const members = ['198.51.100.0/24', '203.0.113.0/24', '192.0.2.1'];
  const desired = rulesetFor(
    members.map((ip) => ({ ip: netOf(ip), jail: 'sshd', ports: 'all', protocols: 'all' })),
    {
      family: 'ipv4',
      prefix: PREFIX,
      verdict: 'DROP',
      backend: 'ipset',
      deny: [],
      allowed: ['198.51.100.7', '203.0.113.9'].map(netOf),
    },
  );
  const stray = ['-s 192.0.2.9/32 -j RETURN', '-s 192.0.2.1/32 -j DROP'];
  const anyStanding = fc.record({
    others: fc.shuffledSubarray([...ALLOWS, ALLOWS[0] ?? '', ...stray, '-j RETURN']),
    at: fc.nat({ max: 7 }),
    held: fc.subarray(members),
    isFit: fc.boolean(),
  });

  fc.assert(
    fc.property(anyStanding, ({ others, at, held, isFit }) => {
      const rules = others.toSpliced(at, 0, IN_SET);
      const lines = rules.map((rule) => `-A fail2ban-sshd ${rule}`);
      const listing = ['-P INPUT ACCEPT', '-N fail2ban-sshd', ...lines].join('\n');
      const observation = observe(listing, { family: 'ipv4', prefix: PREFIX });
      if (observation.kind === 'unreadable') throw new Error(observation.reason);
      const set = {
        name: 'fail2ban-sshd',
        make: isFit ? ('fit' as const) : ('foreign-made' as const),
        capacity: 65_536,
        isCounted: true,
        references: 1,
        content: {
          kind: 'listed' as const,
          members: membersIn(held.map((each) => `${each} timeout 0\n`).join('')),
          at: 0,
        },
      };
      const observed = { ...observation.observed, sets: new Map([[set.name, set]]) };

      const { changes } = plan(desired, observed, { hooks: [], prefix: PREFIX, variant: 'nft', now: 0 });

      const grows = changes.findIndex(isSetChange);
      if (grows < 0) return;
      for (const change of changes.slice(0, grows)) {
        assert.is(change.kind, 'insert');
        if (change.kind === 'insert') rules.splice(change.at - 1, 0, change.rule.text);
      }
      const ahead = rules.slice(0, rules.indexOf(IN_SET));
      for (const allow of ALLOWS) assert.ok(ahead.includes(allow), `${allow}\n${rules.join('\n')}`);
    }),
  );
});

planning.run();
