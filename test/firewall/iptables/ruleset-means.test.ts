import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rulesetMeans } from '../../../src/firewall/iptables/ruleset-means.ts';
import { BanspoolError } from '../../../src/system/error.ts';
import { FakeFirewall } from '../../support/fake-firewall.ts';

const means = suite('means of a ruleset');

const CONFIG = { chainPrefix: 'ban-', verdict: 'REJECT', backend: 'auto' } as const;
const WITHOUT = { sets: { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' } } as const;

means('are those of the config where ipset can be used', () => {
  for (const backend of ['auto', 'rules', 'ipset'] as const)
    assert.equal(rulesetMeans({ ...CONFIG, backend }, new FakeFirewall()), {
      ...{ prefix: 'ban-', verdict: 'REJECT', backend, early: false },
    });
});

means('are to drop early where that is asked for and sets can be used', () => {
  const asked = { ...CONFIG, verdict: 'DROP', early: true } as const;

  assert.is(rulesetMeans(asked, new FakeFirewall()).early, true);
  assert.is(rulesetMeans(asked, WITHOUT).early, false);
});

means('are rules where it cannot, but for who asked for sets: he is told', () => {
  for (const backend of ['auto', 'rules'] as const)
    assert.is(rulesetMeans({ ...CONFIG, backend }, WITHOUT).backend, 'rules');
  assert.throws(
    () => rulesetMeans({ ...CONFIG, backend: 'ipset' }, WITHOUT),
    (error: unknown) => error instanceof BanspoolError && error.message.endsWith('ipset is not installed'),
  );
});

means.run();
