import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DropTable } from '../../src/pass/drop-table.ts';
import type { Looked } from '../../src/firewall/drops.ts';

const test = suite('what is dropped, by ban');

const NET = { ip: '203.0.113.7', family: 'ipv4', jail: 'sshd', chain: 'fail2ban-sshd' } as const;

/** A firewall whose data plane says this and no more. */
function lookedAt(uncounted: readonly string[]): Looked {
  const dataplane = { drops: () => [{ ...NET, packets: 3, bytes: 180 }], uncounted: () => uncounted };
  return { dataplane, ruleset: { family: 'ipv4' }, observed: { family: 'ipv4' } } as unknown as Looked;
}

test('is nothing of a ban that dropped nothing, and unknown where nobody counts or nobody looked', () => {
  const table = new DropTable([lookedAt(['fail2ban-web'])]);

  assert.equal(table.of(NET), { packets: 3, bytes: 180 });
  assert.equal(table.of({ ...NET, ip: '203.0.113.8' }), { packets: 0, bytes: 0 });
  assert.is(table.of({ ...NET, chain: 'fail2ban-web' }), undefined);
  assert.is(table.of({ ...NET, family: 'ipv6' }), undefined);
});

test.run();
