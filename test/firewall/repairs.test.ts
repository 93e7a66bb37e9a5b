import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DriftWatch } from '../../src/firewall/drift-watch.ts';
import { findRepairs } from '../../src/firewall/repairs.ts';

const repairs = suite('repairs');

repairs('are one for each family in which something was put back, and for no other', () => {
  const drift = {
    emptied: new Set<string>(),
    changes: [{ kind: 'create', chain: 'fail2ban-x', rules: [] }],
  } as const;

  const found = findRepairs(
    [
      { ...drift, family: 'ipv4', changes: [] },
      { ...drift, family: 'ipv6' },
    ],
    new DriftWatch(() => false),
    0,
  );

  const line = 'drift: another program deleted fail2ban-x (0 rules) (ipv6); restored';
  assert.equal(found, [{ family: 'ipv6', changes: 1, culprits: [], line }]);
});

repairs.run();
