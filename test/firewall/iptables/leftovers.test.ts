/** Rules of ours that nobody manages any more. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnose } from '../../../src/doctor/diagnose.ts';
import { openFirewall } from '../../../src/system/firewall/iptables.ts';
import { run } from '../../../src/system/processes/run.ts';
import { iptablesRules } from '../../support/firewall.ts';
import { banText } from '../../support/intent-text.ts';
import { makePass, worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('what is left over');

const ATTACKER = '2001:db8::7';

const BAN = `-A fail2ban-sshd -s ${ATTACKER}/128 -j DROP`;

const TOLD =
  'ipv6: iptables-nft still has 1 chain of banspool (fail2ban-sshd); the config does not list ipv6 in families, so banspool ignores them: add it to families, or remove them';

test('in a family that the config names no more is told by the pass, by status and by doctor', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));
  await makePass(worldOf(sandbox));
  sandbox.configure({ families: '[ipv4]' });

  const reconciled = await sandbox.cli('reconcile');
  const status = await sandbox.cli('status');
  const findings = await diagnose(worldOf(sandbox));

  assert.is(reconciled.code, 0);
  assert.is(status.code, 1);
  assert.match(status.stdout, `OtherVariantClean is false (FamilyNotNamed): ${TOLD}`);
  assert.ok(findings.some(({ level, what }) => level === 'warn' && what === TOLD));
  assert.ok((await iptablesRules({ family: 'ipv6' })).includes(BAN));
});

test('in such a family is warned of by an unban of an address in it', async () => {
  await using sandbox = await Sandbox.open({ config: { families: '[ipv4]' } });

  const { code, stderr } = await sandbox.cli('unban', ATTACKER);

  // Nothing claimed it.
  assert.is(code, 1);
  assert.match(stderr, 'banspool: warning: the config does not list ipv6 in families: rules left there stay');
});

test('in such a family is nothing where everybody was allowed for one pass before', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));
  await makePass(worldOf(sandbox));
  sandbox.writePolicy('allow:\n  - { net: 0.0.0.0/0 }\n  - { net: "::/0" }\n');
  await makePass(worldOf(sandbox));
  sandbox.configure({ families: '[ipv4]' });

  const pass = await makePass(worldOf(sandbox));

  assert.equal(pass.problems, []);
  assert.not((await iptablesRules({ family: 'ipv6' })).some((rule) => rule.includes('fail2ban-')));
});

for (const [variant, other] of [
  ['legacy', 'nft'],
  ['nft', 'legacy'],
] as const) {
  test(`in the table raw of iptables-${variant}, once iptables-${other} is used, is told, too`, async () => {
    const config = { families: '[ipv4]', early: 'true', iptables: variant };
    await using sandbox = await Sandbox.open({ config });
    sandbox.drop('web1', banText('192.0.2.7', { protocol: 'all', ports: 'all' }));
    await makePass(worldOf(sandbox));
    sandbox.configure({ families: '[ipv4]', iptables: other });

    const pass = await makePass(worldOf(sandbox));

    assert.equal(
      pass.problems
        .filter(({ condition }) => condition === 'OtherVariantClean')
        .map(({ message }) => message.replace(/; .*/, '')),
      [`ipv4: iptables-${variant} still has 2 chains of banspool (fail2ban-sshd, fail2ban-.early)`],
    );
  });
}

test('is in no family that the machine does not have', async () => {
  await using sandbox = await Sandbox.open({ config: { families: '[ipv4]' } });
  const real = await openFirewall(run, 'nft');
  const refuse = (): Promise<string> => Promise.reject(new Error('Address family not supported by protocol'));
  const world = worldOf(sandbox, {
    openFirewall: () =>
      Promise.resolve({
        ...real,
        listUnnamed: refuse,
        listOther: (family, table) => (family === 'ipv6' ? refuse() : real.listOther(family, table)),
      }),
  });

  const pass = await makePass(world);

  assert.equal(pass.problems, []);
});

test.run();
