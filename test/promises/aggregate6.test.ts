/** Where the policy says so, an IPv6 ban drops its network, and nobody in it who is allowed. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { iptablesRules, listSet } from '../support/firewall.ts';
import { banText, intentText } from '../support/intent-text.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { sendPackets } from '../support/send-packets.ts';

const test = suite('an IPv6 ban that is enforced with its network');

const NET = '2001:db8:7::/64';
const [BANNED, OTHER, NEIGHBOUR, ALLOWED, OWN] = [7, 8, 9, 10, 11].map((host) => `2001:db8:7::${host}`);
const FAR = '2001:db8:7:1::7';
const SCOPE = { protocol: 'all', ports: 'all' } as const;

interface Listed {
  readonly ip: string;
  readonly dropped: string;
  readonly packets: number;
}

async function listed(sandbox: Sandbox): Promise<readonly Listed[]> {
  const { stdout } = await sandbox.cli('list', '--json');
  const { bans } = JSON.parse(stdout) as { bans: readonly Listed[] };
  return bans.map(({ ip, dropped, packets }) => ({ ip, dropped, packets }));
}

/** What the chain, or the set of it, drops. */
async function droppedBy(backend: string): Promise<readonly string[]> {
  if (backend === 'ipset') return /^2001:\S+/gm.exec(await listSet('fail2ban-sshd:6')) ?? [];
  const rules = await iptablesRules({ family: 'ipv6' });
  return rules.flatMap((rule) => /-s (\S+) -j DROP/.exec(rule)?.[1] ?? []);
}

for (const backend of ['rules', 'ipset'])
  test(`drops every neighbour but the allowed ones and the firewall itself, until its last ban ends (${backend})`, async () => {
    await using sandbox = await Sandbox.open({ config: { backend } });
    sandbox.writePolicy(`aggregate6: 64\nallow: [{ net: "${ALLOWED ?? ''}", note: us }]\n`);
    sandbox.drop('web1', banText(`"${BANNED ?? ''}"`, SCOPE));
    sandbox.drop('web2', banText(`"${OTHER ?? ''}"`, SCOPE));
    await outputOf(['ip', 'addr', 'add', `${OWN ?? ''}/128`, 'nodad', 'dev', 'lo']);

    await sandbox.cli('reconcile');
    const both = await droppedBy(backend);
    for (const from of [BANNED, NEIGHBOUR, NEIGHBOUR, ALLOWED, FAR]) await sendPackets(from ?? '', 1);
    const counted = await listed(sandbox);
    const verdicts = await Promise.all(
      [NEIGHBOUR, ALLOWED, OWN, FAR].map(async (ip) => (await sandbox.cli('why', ip ?? '')).stdout),
    );
    await sandbox.cli('unban', BANNED ?? '');
    await sandbox.cli('reconcile');
    const one = await droppedBy(backend);
    await sandbox.cli('unban', OTHER ?? '');
    await sandbox.cli('reconcile');
    await outputOf(['ip', 'addr', 'del', `${OWN ?? ''}/128`, 'dev', 'lo']);

    assert.equal([both, one], [[NET], [NET]]);
    assert.equal(counted, [
      { ip: BANNED, dropped: NET, packets: 3 },
      { ip: OTHER, dropped: NET, packets: 3 },
    ]);
    assert.equal(
      verdicts.map((text) => text.split('\n', 1)[0]),
      [
        `${NEIGHBOUR ?? ''} is dropped on all ports`,
        ...[ALLOWED, OWN, FAR].map((ip) => `${ip ?? ''} is not dropped by banspool`),
      ],
    );
    assert.match(verdicts[0] ?? '', `${BANNED ?? ''} in sshd (all ports): web1 claims it until `);
    assert.match(verdicts[0] ?? '', `; enforced as ${NET}\n`);
    assert.not.match((await iptablesRules({ family: 'ipv6' })).join('\n'), 'fail2ban-');
  });

test('goes back to the address alone, and to the network again, with the policy', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop(
    'web1',
    intentText({
      intent: 'ban',
      ip: '"2001:db8:7::7"',
      jail: 'sshd',
      bantime: '600',
      time: Date.now() / 1000,
    }),
  );
  await sandbox.cli('reconcile');
  const stood: (readonly string[])[] = [await droppedBy('rules')];

  for (const policy of ['aggregate6: 64\n', 'aggregate6: 56\n', '{}\n']) {
    sandbox.writePolicy(policy);
    const { code } = await sandbox.cli('reconcile');
    assert.is(code, 0);
    stood.push(await droppedBy('rules'));
  }

  assert.equal(stood, [['2001:db8:7::7/128'], [NET], ['2001:db8:7::/56'], ['2001:db8:7::7/128']]);
});

test.run();
