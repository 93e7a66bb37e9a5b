/** iptables itself, in both variants. What it does to a table whole plans of rules, test/firewall has. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BanspoolError } from '../../../src/system/error.ts';
import { openFirewall } from '../../../src/system/firewall/iptables.ts';
import { run, type Run } from '../../../src/system/processes/run.ts';
import { clearFirewall, iptables, iptablesRules } from '../../support/firewall.ts';
import { outputOf } from '../../support/run-program.ts';

const test = suite('iptables');

test.before.each(clearFirewall);

for (const variant of ['nft', 'legacy'] as const) {
  test(`takes all of a text or nothing, and lists it with counters (${variant})`, async () => {
    const firewall = await openFirewall(run, variant);
    const rule = '-A INPUT -s 192.0.2.7/32 -j DROP';

    const refused = firewall.restore('ipv4', `*filter\n${rule}\n-A nowhere -j DROP\nCOMMIT\n`);
    const failure = String(await refused.catch((error: unknown) => error));
    const after = await iptablesRules({ variant });
    await firewall.restore('ipv4', `*filter\n${rule}\nCOMMIT\n`);

    assert.match(failure, new RegExp(`iptables-${variant}-restore failed`));
    assert.not.ok(after.includes(rule));
    assert.match(await firewall.list('ipv4'), '-A INPUT -s 192.0.2.7/32 -c 0 0 -j DROP');
    assert.not.match(await firewall.list('ipv6'), 'DROP');
  });

  test(`lists raw, and does not make it for that (${variant})`, async () => {
    const firewall = await openFirewall(run, variant);

    const before = await firewall.listRaw('ipv6');
    const tables = await outputOf(['nft', 'list', 'tables']);
    await firewall.restore('ipv6', '*raw\n-A PREROUTING -s 2001:db8::7 -j DROP\nCOMMIT\n');

    assert.match(before, '-P PREROUTING ACCEPT');
    assert.not.match(tables, 'ip6 raw');
    assert.match(await firewall.listRaw('ipv6'), /^-A PREROUTING -s 2001:db8::7\/128 -c 0 0 -j DROP$/m);
  });

  test(`shows what stands in the variant beside ${variant}, too`, async () => {
    const other = variant === 'nft' ? 'legacy' : 'nft';
    await iptables(['-A', 'INPUT', '-s', '192.0.2.8', '-j', 'DROP'], { variant: other });
    const firewall = await openFirewall(run, variant);

    assert.match(await firewall.listOther('ipv4', 'filter'), '-A INPUT -s 192.0.2.8/32 -j DROP');
    assert.not.match(await firewall.list('ipv4'), '192.0.2.8');
  });
}

test('is used in the variant that its version line names, unless another is asked for', async () => {
  const { stdout } = await run('iptables', ['--version']);
  const saying =
    (version: string): Run =>
    (file, args) =>
      file === 'iptables'
        ? Promise.resolve({ pid: 1, exitCode: 0, stdout: version, stderr: '' })
        : run(file, args);

  const variantOf = async (version: string): Promise<string> =>
    (await openFirewall(saying(version), 'auto')).variant;

  assert.equal(
    [await variantOf('iptables v1.8.9 (nf_tables)\n'), await variantOf('iptables v1.8.9 (legacy)\n')],
    ['nft', 'legacy'],
  );
  assert.is((await openFirewall(saying(stdout), 'legacy')).variant, 'legacy');
});

test('tells of native rules, which it cannot list, by a code of their own, and nft lists them', async () => {
  const table = 'add table ip filter; add chain ip filter INPUT { type filter hook input priority filter; }';
  const rule = 'add rule ip filter INPUT ct state established,related accept';
  await outputOf(['nft', '-f', '-'], { input: `${table}\n${rule}\n` });
  const firewall = await openFirewall(run, 'nft');

  const failure = await firewall.list('ipv4').catch((error: unknown) => error);

  assert.is(failure instanceof BanspoolError && failure.code, 'native-rules');
  assert.match((await firewall.piecemeal?.table('ipv4')) ?? '', /ct state .* accept # handle/);
});

test.run();
