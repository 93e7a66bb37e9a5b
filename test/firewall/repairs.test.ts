import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DriftWatch } from '../../src/firewall/drift-watch.ts';
import { repairLines } from '../../src/firewall/repairs.ts';

const repairs = suite('repairs');

repairs('are a line for each family in which something was put back, and for no other', () => {
  const drift = {
    emptied: new Set<string>(),
    changes: [{ kind: 'create', chain: 'fail2ban-x', rules: [] }],
  } as const;

  const lines = repairLines(
    [
      { ...drift, family: 'ipv4', changes: [] },
      { ...drift, family: 'ipv6' },
    ],
    new DriftWatch(() => false),
    0,
  );

  assert.equal(lines, ['drift: another program deleted fail2ban-x (0 rules) (ipv6); restored']);
});

repairs.run();
