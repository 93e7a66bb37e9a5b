import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { enforce, type Enforced } from '../../src/firewall/enforce.ts';
import { IptablesDataplane } from '../../src/firewall/iptables/iptables-dataplane.ts';
import { netOf } from '../../src/domain/net.ts';
import { FakeFirewall } from '../support/fake-firewall.ts';
import { rulesetFor } from '../support/rules.ts';

const enforcing = suite('enforce');

const NOW = 1_795_330_000_000;

const CONFIG = { backend: 'ipset', chainPrefix: 'fail2ban-', hooks: ['INPUT'], verdict: 'DROP' } as const;

/** Enforces one ban on a firewall of which nothing is known. */
async function enforceOn(firewall: FakeFirewall): Promise<Enforced> {
  const wanted = rulesetFor([{ ip: netOf('203.0.113.7'), jail: 'sshd', ports: '22', protocols: 'tcp' }], {
    ...{ family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', backend: 'ipset' },
    ...{ deny: [], allowed: [] },
  });
  return enforce(wanted, {
    dataplane: new IptablesDataplane(firewall, { family: 'ipv4', config: CONFIG, now: () => NOW }),
    ...{ hooks: CONFIG.hooks, trusted: undefined, isSuspect: false, before: undefined },
    cut: () => new Map(),
  });
}

enforcing('what has to wait until a set of another kind is gone is no drift', async () => {
  const firewall = new FakeFirewall('nft');
  await firewall.sets.restore('create fail2ban-sshd hash:ip family inet hashsize 1024 maxelem 65536\n');
  firewall.edit(
    'ipv4',
    '-N fail2ban-sshd',
    '-A fail2ban-sshd -m set --match-set fail2ban-sshd src -j DROP',
    '-A INPUT -j fail2ban-sshd',
  );

  const { drift, changes, remaining } = await enforceOn(firewall);

  assert.equal(remaining, []);
  assert.equal(
    [...new Set(changes.map(({ kind }) => kind))],
    ['delete', 'destroy-set', 'make-set', 'insert'],
  );
  assert.equal(drift, []);
});

enforcing('a second time there is nothing to do', async () => {
  const firewall = new FakeFirewall('nft');
  await enforceOn(firewall);

  const { changes, drift, remaining } = await enforceOn(firewall);

  assert.equal([changes, drift, remaining], [[], [], []]);
});

enforcing.run();
