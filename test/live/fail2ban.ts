/** From a failed login in a server's log to packets dropped at the firewall, and back, with the real programs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GuardedNetwork } from '../lab/guarded-network.ts';
import { PORT } from '../lab/lab.ts';
import { fail2banReleases, type Fail2ban } from '../lab/layers.ts';
import { enter, FIREWALL } from '../lab/topology.ts';
import { countGenerations } from '../support/count-generations.ts';
import { eventually } from '../support/eventually.ts';
import { testJails, testSendersOwn } from './jails.ts';

/** fail2ban takes a second for fifteen. */
const RESTORED = 40;

/** All that a server's fail2ban may do, with this release of it. */
export function testFail2ban(release: Fail2ban): void {
  const test = suite<{ network: GuardedNetwork }>(`with fail2ban ${release}`);

  if (!fail2banReleases().includes(release)) {
    test.skip(`cannot be had from this machine's Debian mirror`);
    test.run();
    return;
  }

  test.before(async (context) => {
    context.network = await GuardedNetwork.build({ fail2ban: release });
  });
  test.after(async ({ network }) => {
    await network[Symbol.asyncDispose]();
  });

  for (const family of ['ipv4', 'ipv6'] as const) {
    test(`a failed login on web1 shuts web1 and web2 to the attacker until it is unbanned, over ${family}`, async ({
      network,
    }) => {
      const { attacker } = network;
      const web1 = network.server(1);
      const targets = network.lab.servers.map(({ site }) => ({ address: site[family], port: PORT }));
      for (const target of targets) assert.is(await attacker.reach(target), 'answered');

      await network.failLogin(web1, family);
      await network.untilDropped([attacker.site[family]]);
      const whileBanned = await Promise.all(targets.map((target) => attacker.connect(target)));
      await web1.sh(`fail2ban-client set sshd unbanip ${attacker.site[family]}`);
      await network.untilDropped([]);

      assert.equal(whileBanned, ['silent', 'silent']);
      assert.is(await attacker.reach(targets[0] ?? { address: '', port: 0 }), 'answered');
    });
  }

  test('a ban ends when fail2ban ends it', async ({ network }) => {
    const web1 = network.server(1);
    // Many times what it takes to come to the firewall: a ban that has run out on its way is never dropped.
    await web1.sh('fail2ban-client set sshd bantime 12; fail2ban-client set sshd banip 198.51.100.30');
    await network.untilDropped(['198.51.100.30']);

    await network.untilDropped([]);

    await web1.sh('fail2ban-client set sshd bantime 600');
  });

  test('two jails ban one address, and it is let through when both have lifted it', async ({ network }) => {
    const web1 = network.server(1);
    await web1.sh(
      'fail2ban-client set sshd banip 198.51.100.31; fail2ban-client set web banip 198.51.100.31',
    );
    await network.untilDropped(['198.51.100.31', '198.51.100.31']);

    await web1.sh('fail2ban-client set sshd unbanip 198.51.100.31');
    await network.untilDropped(['198.51.100.31']);
    const { stdout } = await network.banspool('list');
    await web1.sh('fail2ban-client set web unbanip 198.51.100.31');

    assert.match(stdout, /^198\.51\.100\.31 +web +80,443\/tcp /m);
    await network.untilDropped([]);
  });

  test('the end that bantime.increment made later is the one that is enforced', async ({ network }) => {
    const web1 = network.server(1);
    await web1.sh('fail2ban-client set grow banip 198.51.100.32');
    await network.untilDropped(['198.51.100.32']);
    // The firewall lets go up to a second before fail2ban does, to which a ban in that second is "already banned".
    await eventually(() => {
      assert.match(web1.read('/var/log/fail2ban.log'), /\[grow\] Unban 198\.51\.100\.32$/m);
    }, 120_000);
    await network.untilDropped([]);

    // The second ban of an address is told with the plain time first, and up to 10 s later with the increased one.
    await web1.sh('fail2ban-client set grow banip 198.51.100.32');

    await eventually(async () => {
      const { bans } = JSON.parse((await network.banspool('list', '--json')).stdout) as Bans;
      const [claim] = bans[0]?.claims ?? [];
      const seconds = (Date.parse(claim?.until ?? '') - Date.parse(claim?.since ?? '')) / 1000;
      assert.ok(seconds > 13, `${seconds} s`);
    }, 120_000);
    await web1.sh('fail2ban-client set grow unbanip 198.51.100.32');
    await network.untilDropped([]);
  });

  test('a restart of fail2ban with all that it restores makes no change to the firewall, and one commit', async ({
    network,
  }) => {
    const web1 = network.server(1);
    const addresses = Array.from({ length: RESTORED }, (_, index) => `10.7.0.${index + 1}`).toSorted();
    await web1.sh(`fail2ban-client set sshd banip ${addresses.join(' ')}`);
    await network.untilDropped(addresses);
    await network.untilDrained(web1);
    const [taken, commits] = [network.intentsOf('web1'), await network.commits()];

    const transactions = await countGenerations(async () => {
      await web1.sh('fail2ban-client restart >/dev/null 2>&1');
      await eventually(() => {
        const log = web1.read('/var/log/fail2ban.log');
        assert.is(log.match(/Restore Ban 10\.7\./g)?.length, RESTORED);
      }, 120_000);
      await network.untilDrained(web1);
    }, enter(FIREWALL));

    assert.is(transactions, 0);
    assert.equal(await network.dropped(), addresses);
    assert.ok(network.intentsOf('web1') - taken > RESTORED, 'all that was restored was told, and the stop');
    assert.ok((await network.commits()) - commits <= 1);
    await web1.sh('fail2ban-client unban --all');
    await network.untilDropped([]);
  });

  test('an address that is none reaches no shell, and is told in the log of fail2ban', async ({
    network,
  }) => {
    const web1 = network.server(1);
    const hostile = ["a'b", 'a"b', '1.2.3.4;touch pwned', '$(touch pwned)', '`touch pwned`', 'a\nb'];

    for (const text of hostile) await web1.exec(['fail2ban-client', 'set', 'sshd', 'banip', text]);

    await eventually(() => {
      const log = web1.read('/var/log/fail2ban.log');
      assert.ok(log.split('is not an IP address or network').length > hostile.length, log);
    });
    for (const machine of [web1, network.firewall]) assert.is(await machine.sh(FIND_PWNED), '');
    assert.is((await web1.sh('ls /var/spool/banspool-send')).trim(), '');
    assert.equal(await network.dropped(), []);
  });

  testJails(test);
  if (release === fail2banReleases().at(-1)) testSendersOwn(test);

  test('fail2ban had to give up none of its actions, and none failed but for an address that is none', ({
    network,
  }) => {
    const log = network.server(1).read('/var/log/fail2ban.log');
    // fail2ban tries an action that failed twice, and tells of each the command, its words and its code.
    const failures = log.match(/^.*(Failed to execute|timed out|unable to kill).*$/gim) ?? [];
    const unexplained = failures.filter(
      (line) => !line.includes('Failed to execute ban') || line.includes('198.51.100.'),
    );

    assert.match(log, /\[sshd\] Ban 198\.51\.100\.7$/m);
    assert.ok(failures.length > 0, 'the addresses that are none were refused');
    assert.equal(unexplained, []);
  });

  test.run();
}

/** In all that can be written to; /mnt has the layers. A slash in the text is refused by fail2ban 0.11 itself. */
const FIND_PWNED = 'find /mnt /run /tmp /dev -name pwned -print';

interface Bans {
  readonly bans: readonly {
    readonly claims: readonly { readonly since: string; readonly until: string }[];
  }[];
}
