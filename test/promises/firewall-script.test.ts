/** A person's script that makes the firewall anew, command by command, beside a controller that listens. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';

const test = suite('a script that makes the firewall anew');

const CHAINS = ['fail2ban-recidive', 'fail2ban-sshd'];

const FAMILIES = ['ipv4', 'ipv6'] as const;

/** Two jails, or one; a rule of the person's, or none; and a controller that hears of changes. */
async function watched(sandbox: Sandbox, { jails = 2, ownRules = 1 } = {}): Promise<void> {
  for (const family of ownRules === 0 ? [] : FAMILIES)
    await iptables(['-A', 'INPUT', '-i', 'lo', '-j', 'ACCEPT'], { family });
  for (const ip of ['198.51.100.7', '2001:db8:5::7']) {
    sandbox.drop('web1', banText(ip));
    if (jails > 1) sandbox.drop('web1', banText(ip, { jail: 'recidive', ports: 'all', protocol: 'all' }));
  }
  await sandbox.startController();
  await untilDropped('198.51.100.7', 20_000);
  await eventually(() => {
    const watch = sandbox.status().conditions.find(({ type }) => type === 'DriftWatched');
    assert.is(watch?.status, 'True');
  });
}

for (const program of ['iptables', 'ip6tables']) {
  const family = program === 'iptables' ? 'ipv4' : 'ipv6';

  test(`comes to its end with ${program}, with pauses between flush and delete, and our rules come after`, async () => {
    await using sandbox = await Sandbox.open();
    await watched(sandbox);

    const script = `set -e
      ${program}-nft -P INPUT DROP
      ${program}-nft -F
      sleep 0.05
      ${program}-nft -X
      ${program}-nft -A INPUT -i lo -j ACCEPT
      ${program}-nft -A INPUT -p tcp --dport 22 -j ACCEPT
      ${program}-nft -P INPUT ACCEPT`;
    const ran = await runProgram(['sh', '-c', script]);

    assert.equal([ran.code, ran.stderr.replace(/^# Warning.*\n/gm, '')], [0, '']);
    await eventually(async () => {
      const rules = await iptablesRules({ family });
      assert.equal(
        rules.filter((rule) => rule.startsWith('-N')),
        CHAINS.map((chain) => `-N ${chain}`),
      );
      assert.is(
        rules
          .filter((rule) => rule.startsWith('-A INPUT'))
          .at(-1)
          ?.includes('--dport 22'),
        true,
      );
      assert.match(rules.find((rule) => rule.startsWith('-A INPUT')) ?? '', /-j fail2ban-/);
    });
  });
}

test('may flush its hooks one by one, and each table after the other, as netfilter-persistent does', async () => {
  await using sandbox = await Sandbox.open();
  await watched(sandbox);

  const script = `set -e
    for chain in INPUT FORWARD OUTPUT; do iptables-nft -F $chain; sleep 0.02; done
    for table in filter nat mangle; do
      for what in -F -Z -X; do iptables-nft -t $table $what; done
    done
    for chain in INPUT FORWARD OUTPUT; do iptables-nft -P $chain ACCEPT; done`;
  const ran = await runProgram(['sh', '-c', script]);

  assert.equal([ran.code, ran.stderr.replace(/^# Warning.*\n/gm, '')], [0, '']);
  await untilDropped('198.51.100.7');
});

const FLUSHES = {
  'hook by hook': (program: string) => `${program} -F INPUT; sleep 0.02; ${program} -F FORWARD`,
  'hook by hook, and filled at once': (program: string) => `${program} -F INPUT
    ${program} -A INPUT -i lo -j ACCEPT
    ${program} -A INPUT -p tcp --dport 22 -j ACCEPT
    ${program} -F FORWARD`,
};

for (const [how, flush] of Object.entries(FLUSHES)) {
  for (const program of ['iptables-nft', 'ip6tables-nft']) {
    for (const ownRules of [0, 1]) {
      const among = ownRules === 0 ? 'alone' : 'among others';
      test(`comes to its end with ${program} where our only jump stands ${among} and it flushes ${how}`, async () => {
        await using sandbox = await Sandbox.open();
        await watched(sandbox, { jails: 1, ownRules });

        const script = `set -e
          ${program} -P INPUT DROP
          ${flush(program)}
          sleep 0.02
          ${program} -F fail2ban-sshd
          ${program} -X
          ${program} -P INPUT ACCEPT`;
        const ran = await runProgram(['sh', '-c', script]);

        assert.equal([ran.code, ran.stderr.replace(/^# Warning.*\n/gm, '')], [0, '']);
        const family = program === 'iptables-nft' ? 'ipv4' : 'ipv6';
        await eventually(async () => {
          assert.match(
            await iptablesRules({ family }).then((rules) => rules.join('\n')),
            /-A INPUT .*-j fail2ban-sshd/,
          );
        });
      });
    }
  }
}

test('that never ends is not waited for: bans are back within a bounded time', async () => {
  await using sandbox = await Sandbox.open();
  await watched(sandbox);

  const script = `iptables-nft -F
    while sleep 0.02; do iptables-nft -N busy 2>/dev/null || iptables-nft -X busy; done`;
  await using endless = new Child(['sh', '-c', script]);

  await untilDropped('198.51.100.7', 30_000);
  assert.is(endless.process.exitCode, null);
});

test.run();
