/** Where the mode is to observe, all is judged and told, and the firewall stays as it is. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptables, iptablesRules, setMembers } from '../support/firewall.ts';
import { banText, snapshotText } from '../support/intent-text.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a firewall that is observed');

const FOREIGN = '-A INPUT -s 192.0.2.99/32 -j DROP';

/** What the article's scripts left, a rule of somebody else's, and a set. */
async function leaveBans(...ips: readonly string[]): Promise<void> {
  await iptables(['-N', 'fail2ban-sshd']);
  for (const ip of ips) await iptables(['-A', 'fail2ban-sshd', '-s', ip, '-j', 'DROP']);
  await iptables(['-A', 'fail2ban-sshd', '-j', 'RETURN']);
  await iptables(['-I', 'INPUT', '-p', 'tcp', '-m', 'multiport', '--dports', '22', '-j', 'fail2ban-sshd']);
  await iptables(['-A', 'INPUT', '-s', '192.0.2.99', '-j', 'DROP']);
  await outputOf(['ipset', 'create', 'fail2ban-web', 'hash:net', 'family', 'inet']);
  await outputOf(['ipset', 'add', 'fail2ban-web', '192.0.2.80']);
}

/** All that the kernel holds of it, in both variants, to the byte. */
async function firewall(): Promise<string> {
  const saves = ['iptables-nft-save', 'ip6tables-nft-save', 'iptables-legacy-save', 'ip6tables-legacy-save'];
  const script = `${saves.map((save) => `${save} | grep -v '^#'`).join('; ')}; ipset save; nft list ruleset`;
  return outputOf(['sh', '-c', script]);
}

async function drops(): Promise<readonly string[]> {
  return (await iptablesRules()).flatMap(
    (rule) => /^-A fail2ban-\S+ -s (\S+)\/32 -j DROP$/.exec(rule)?.[1] ?? [],
  );
}

async function settle(sandbox: Sandbox): Promise<void> {
  await eventually(() => {
    assert.equal(sandbox.waiting(), []);
    assert.ok(sandbox.status().lastPass);
  });
}

interface Claimed {
  readonly mode: string;
  readonly bans: readonly { readonly ip: string; readonly claims: readonly { readonly server: string }[] }[];
}

async function claimed(sandbox: Sandbox): Promise<readonly string[]> {
  const { bans } = JSON.parse((await sandbox.cli('list', '--json')).stdout) as Claimed;
  return bans.map(({ ip, claims }) => `${ip} ${claims.map(({ server }) => server).join()}`).sort();
}

test('stays as it is to the byte while bans come and end, and is taken over once it is enforced', async () => {
  await using sandbox = await Sandbox.open({ config: { mode: 'observe', interval: '1s' } });
  await leaveBans('203.0.113.7', '203.0.113.8');
  sandbox.writePolicy('deny: [{ net: 198.51.100.0/24 }]\n');
  sandbox.drop('web3', banText('192.0.2.7', { bantime: 900 }));
  const before = await firewall();

  const pass = await sandbox.cli('reconcile');
  const controller = await sandbox.startController();
  sandbox.drop('web1', snapshotText(Array.from({ length: 1_200 }, (_, n) => `10.1.${n >> 8}.${n & 255}`)));
  sandbox.drop('web2', banText('"2001:db8::7"'));
  await settle(sandbox);
  await sandbox.cli('unban', '2001:db8::7', '--wait');
  await iptables(['-D', 'fail2ban-sshd', '-s', '203.0.113.8', '-j', 'DROP']);
  const changed = await firewall();
  const passes = sandbox.status().passes.length;
  await eventually(() => {
    assert.ok(sandbox.status().updatedAt > new Date(Date.now() - 900).toISOString());
  });
  await controller[Symbol.asyncDispose]();
  const after = await firewall();
  const status = sandbox.status();
  const seen = await claimed(sandbox);
  sandbox.configure({});
  const first = await sandbox.cli('reconcile');

  assert.equal([pass.code, first.code], [0, 0], `${pass.stderr}${first.stderr}`);
  assert.match(before, '-A fail2ban-sshd -s 203.0.113.8/32 -j DROP');
  assert.equal([after, passes > 0], [changed, true]);
  assert.is(
    changed,
    before
      .split('\n')
      .filter((line) => !line.includes('203.0.113.8'))
      .join('\n'),
  );
  assert.equal([status.mode, status.bans, status.converged], ['observe', 1_202, true]);
  assert.equal(
    status.conditions.filter((condition) => condition.status === 'False').map(({ type }) => type),
    [],
  );
  assert.equal(seen.slice(-2), ['192.0.2.7 web3', '198.51.100.0/24 policy']);
  assert.not.match(controller.stderr, 'drift');
  assert.equal((await claimed(sandbox)).slice(-3), [
    '192.0.2.7 web3',
    '198.51.100.0/24 policy',
    '203.0.113.7 adopted',
  ]);
  assert.ok((await iptablesRules()).includes(FOREIGN));
  assert.equal((await setMembers('fail2ban-sshd'))?.length, 1_202);
});

for (const [iptablesVariant, backend] of [
  ['nft', 'rules'],
  ['legacy', 'ipset'],
] as const)
  test(`loses what is ours when it is to be observed from now on, and gets it back (${iptablesVariant}, ${backend})`, async () => {
    const config = { iptables: iptablesVariant, backend };
    const table = { variant: iptablesVariant };
    await using sandbox = await Sandbox.open({ config });
    await iptables(['-A', 'INPUT', '-s', '192.0.2.99', '-j', 'DROP'], table);
    const empty = await firewall();
    sandbox.drop('web1', banText('203.0.113.7', { bantime: 900 }));
    await sandbox.cli('reconcile');
    const enforced = await firewall();

    sandbox.configure({ ...config, mode: 'observe' });
    const planned = await sandbox.cli('plan');
    sandbox.drop('web1', banText('203.0.113.8', { bantime: 900 }));
    const passes = [await sandbox.cli('reconcile'), await sandbox.cli('reconcile')];
    const observed = await firewall();
    const bans = await claimed(sandbox);
    sandbox.configure(config);
    const back = await sandbox.cli('reconcile');

    assert.equal(
      [...passes, back].map(({ code }) => code),
      [0, 0, 0],
    );
    assert.match(planned.stderr, 'the next pass removes what banspool has on the firewall: ');
    assert.is.not(enforced, empty);
    assert.is(observed, empty);
    assert.equal(bans, ['203.0.113.7 web1', '203.0.113.8 web1']);
    const text = await firewall();
    for (const ip of ['203.0.113.7', '203.0.113.8']) assert.match(text, ip);
    assert.equal(await claimed(sandbox), bans);
  });

test('is enforced and observed in turn by a controller that reloads its config', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('203.0.113.7', { bantime: 900 }));
  const controller = await sandbox.startController();
  const reload = async (mode: string, standing: readonly string[]): Promise<void> => {
    sandbox.configure({ mode });
    controller.process.kill('SIGHUP');
    await eventually(async () => {
      assert.equal([sandbox.status().mode, await drops()], [mode, standing]);
    });
  };

  await reload('observe', []);
  await reload('enforce', ['203.0.113.7']);

  assert.not.match(controller.stderr, 'drift');
});

test.run();
