import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UnfiledRules } from '../../src/sources/unfiled-rules.ts';
import type { World } from '../../src/world/world.ts';
import { FakeFirewall } from '../support/fake-firewall.ts';

const unfiled = suite('bans that stand and are in no file');

/** Of the two regions of IPv4 that something stands in, the file of one is there. */
async function say({ mayLack = true, hasEnforced = false, withTools = true, mode = 'enforce' } = {}): Promise<
  readonly string[]
> {
  const firewall = new FakeFirewall();
  firewall.edit('ipv4', '-N fail2ban-sshd');
  for (const ip of ['203.0.113.7', '203.0.113.8', '198.51.100.7', '198.51.100.8'])
    firewall.edit('ipv4', `-A fail2ban-sshd -s ${ip}/32 -j DROP`);
  firewall.edit('ipv6', '-N fail2ban-sshd', '-A fail2ban-sshd -s 2001:db8::7/128 -j DROP');
  const world: unknown = {
    config: { mode, state: '/state', chainPrefix: 'fail2ban-', families: ['ipv4', 'ipv6'] },
    // So an earlier version named the one of IPv6.
    files: { stamp: (path: string) => (/ipv4\/203|ipv6\/2001/.test(path) ? 'there' : undefined) },
  };
  const source = new UnfiledRules(world as World, { hasEnforced });

  const said = await source.say({ tools: withTools ? firewall : undefined, mayLack, now: Date.now() });
  return said.map(({ server, intent }) => `${server} ${'ip' in intent ? intent.ip.text : ''}`);
}

unfiled('are said as adopted where a file may be lost, those alone whose file is not there', async () => {
  assert.equal(await say(), ['adopted 198.51.100.7', 'adopted 198.51.100.8']);
});

unfiled('are somebody else’s once this process enforced, or where no file is missing', async () => {
  const all = [
    await say({ hasEnforced: true }),
    await say({ mayLack: false }),
    await say({ withTools: false }),
  ];

  assert.equal(all, [[], [], []]);
});

unfiled('are not said while banspool only observes', async () => {
  assert.equal(await say({ mode: 'observe' }), []);
});

unfiled.run();
