/** Jails as people write them: names that are shared or odd, ports that are words, lengths beyond all measure. */
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { outboxOf, type GuardedNetwork } from '../lab/guarded-network.ts';
import type { Machine } from '../lab/machine.ts';
import { eventually } from '../support/eventually.ts';

/**
 * For a network whose web1 has fail2ban. A snapshot and a check ask it some questions a jail, and each of them starts a
 * Python: the tests with few jails come first, and that with many takes one snapshot and one check.
 */
export function testJails(test: Test<{ network: GuardedNetwork }>): void {
  for (const bantime of ['12y', '9999999999', '99999999999999']) {
    test(`a jail with a ban of ${bantime} tells of all that it bans`, async ({ network }) => {
      const web1 = network.server(1);
      await settle(web1);
      await web1.sh('fail2ban-client set web banip 198.51.100.46');
      await network.untilDropped(['198.51.100.46']);
      await web1.sh(
        `fail2ban-client set web bantime ${bantime}; fail2ban-client set web banip 198.51.100.47`,
      );
      await network.untilDropped(['198.51.100.46', '198.51.100.47']);
      const told = await secondsOf(network, '198.51.100.47');

      const ran = await web1.exec(['banspool-send', 'snapshot', '--now']);

      await network.untilDrained(web1);
      assert.equal([ran.code, ran.stderr], [0, '']);
      assert.equal(await network.dropped(), ['198.51.100.46', '198.51.100.47']);
      assert.ok(
        told > 378_000_000 && Math.abs((await secondsOf(network, '198.51.100.47')) - told) < 2,
        `${told} s`,
      );
      await web1.sh('fail2ban-client set web bantime 600; fail2ban-client unban 198.51.100.46 198.51.100.47');
      await network.untilDropped([]);
    });
  }

  test('a length that is changed in jail.local is that of standing bans right after the reload', async ({
    network,
  }) => {
    const web1 = network.server(1);
    const file = '/etc/fail2ban/jail.d/length.local';
    await web1.sh('fail2ban-client set web banip 198.51.100.45');
    await network.untilDropped(['198.51.100.45']);

    web1.write(file, '[web]\nbantime = 86400\n');
    await web1.sh('fail2ban-client reload >/dev/null');

    await eventually(async () => {
      assert.ok((await secondsOf(network, '198.51.100.45')) > 86_000);
    }, 120_000);
    await web1.sh(`fail2ban-client unban 198.51.100.45; rm ${file}`);
    await network.untilDropped([]);
  });

  test('a jail that a plain reload left without its new action is one to mend, until reload --restart', async ({
    network,
  }) => {
    const web1 = network.server(1);
    const file = '/etc/fail2ban/jail.d/late.local';
    web1.write('/etc/fail2ban/action.d/before.conf', '[Definition]\nactionban = true\n');
    web1.write(file, `[late]\n${QUIET}banaction = before\n`);
    await web1.sh('fail2ban-client reload >/dev/null');
    await eventually(() => web1.sh('fail2ban-client get late actions | grep before'), 120_000);
    const before = await web1.exec(['banspool-send', 'check']);

    await web1.sh(`sed -i 's/before/iptables-remote/' ${file}; fail2ban-client reload >/dev/null`);
    const reloaded = await web1.exec(['banspool-send', 'check']);
    const actions = await web1.sh('fail2ban-client get late actions');
    await web1.sh('fail2ban-client reload --restart >/dev/null');
    await eventually(() => web1.sh('fail2ban-client get late actions | grep iptables-remote'), 120_000);
    const restarted = await web1.exec(['banspool-send', 'check']);
    await web1.sh(`rm ${file}; fail2ban-client reload >/dev/null`);

    const words = /^bad {3}fail2ban runs these jails without their configured action: late$/m;
    assert.match(actions, 'No actions for jail late');
    assert.match(reloaded.stdout, words);
    for (const { stdout } of [before, restarted]) assert.not.match(stdout, /^bad/m);
    assert.not.match(web1.read('/var/log/fail2ban.log'), 'Invalid Action name: No actions');
  });

  test('jails of odd names, ports, protocols and actions ban and are in check, one for all ports on all', async ({
    network,
  }) => {
    const web1 = network.server(1);
    await reloadWith(web1, ODD, 'recidive');
    await web1.sh(
      'fail2ban-client set "my jäil" banip 198.51.100.43; fail2ban-client set recidive banip 198.51.100.44\n' +
        'fail2ban-client set -- -x banip 198.51.100.48 || fail2ban-client set -x banip 198.51.100.48',
    );
    const twice = ['198.51.100.48', '198.51.100.48'];
    await network.untilDropped(['198.51.100.43', '198.51.100.44', ...twice]);
    await web1.sh('banspool-send snapshot --now');
    await network.untilDrained(web1);
    const { stdout } = await network.banspool('list');
    const checked = await web1.sh('banspool-send check');

    await web1.sh('fail2ban-client unban 198.51.100.43 198.51.100.44 198.51.100.48');

    await network.untilDropped([]);
    assert.match(stdout, /^198\.51\.100\.43 +my-j--il-[0-9]+ +all tcp ports /m);
    assert.match(stdout, /^198\.51\.100\.44 +recidive +all tcp ports /m);
    assert.match(stdout, /^198\.51\.100\.48 +AAA +80,443\/tcp /m);
    assert.match(stdout, /^198\.51\.100\.48 +jail-x-[0-9]+ +8080\/tcp /m);
    assert.match(checked, /^ok {4}jail "my jäil" has the name my-j--il-[0-9]+ on the firewall$/m);
    assert.match(checked, /^warn {2}unknown ports are read as all ports: .*my jäil: "22 nonesuch"$/m);
    assert.match(checked, /^ok {4}fail2ban: jails with the action iptables-remote: -x /m);
    assert.not.match(checked, /banaction_allports/);
  });
}

/** What the sender makes of what other tests have every release say. */
export function testSendersOwn(test: Test<{ network: GuardedNetwork }>): void {
  test('jails that share the name of an action hold addresses for each other', async ({ network }) => {
    const web1 = network.server(1);
    await reloadWith(web1, SHARED, 'two');
    const [both, one] = ['198.51.100.41', '198.51.100.42'];
    await web1.sh(`fail2ban-client set one banip ${both} ${one}; fail2ban-client set two banip ${both}`);
    await network.untilDropped([both, one]);
    await web1.sh('banspool-send snapshot --now');
    await network.untilDrained(web1);
    const afterSnapshot = await network.dropped();

    await web1.sh(`fail2ban-client set one unbanip ${both}`);
    await untilTold(network, web1);
    const afterUnban = await network.dropped();
    await web1.sh(`fail2ban-client set two unbanip ${both}`);
    await network.untilDropped([one]);
    await web1.sh(`fail2ban-client set one unbanip ${one}`);

    await network.untilDropped([]);
    assert.equal(
      [afterSnapshot, afterUnban],
      [
        [both, one],
        [both, one],
      ],
    );
  });

  test('a banaction_allports that bans on one port is told by check', async ({ network }) => {
    const web1 = network.server(1);
    await web1.sh("sed 's/-allports$//' /etc/fail2ban/jail.local >/etc/fail2ban/jail.d/old.local");

    const checked = await web1.sh('banspool-send check');

    assert.match(checked, /^warn {2}banaction_allports = iptables-remote bans only the ports of the jail/m);
    await web1.sh('rm /etc/fail2ban/jail.d/old.local');
  });
}

/** Has fail2ban read these jails beside its own, of which `last` is one, and waits until it runs them. */
async function reloadWith(server: Machine, jails: string, last: string): Promise<void> {
  server.write('/etc/fail2ban/jail.d/odd.local', jails);
  await server.sh('fail2ban-client reload >/dev/null');
  await eventually(() => server.sh(`fail2ban-client status ${last}`), 120_000);
  await settle(server);
}

/** The jails count as having started long ago. */
async function settle(server: Machine): Promise<void> {
  await server.sh(
    'touch -d "10 minutes ago" /run/fail2ban/fail2ban.sock; rm -f /var/spool/banspool-send/.unsettled,*',
  );
}

/** Waits until what a jail lifted has been told, if need be by a snapshot. */
async function untilTold(network: GuardedNetwork, server: Machine): Promise<void> {
  await eventually(() => {
    assert.equal(
      outboxOf(server).filter((name) => name.startsWith('.want,')),
      [],
    );
  }, 120_000);
  await network.untilDrained(server);
}

/** How long the ban of this address lasts. */
async function secondsOf(network: GuardedNetwork, address: string): Promise<number> {
  const { bans } = JSON.parse((await network.banspool('list', '--json')).stdout) as Bans;
  const claim = bans.find(({ ip }) => ip === address)?.claims[0];
  return (Date.parse(claim?.until ?? '') - Date.parse(claim?.since ?? '')) / 1000;
}

interface Bans {
  readonly bans: readonly {
    readonly ip: string;
    readonly claims: readonly { readonly since: string; readonly until: string }[];
  }[];
}

const QUIET = 'enabled = true\nfilter = nginx-http-auth\nlogpath = /var/log/empty\n';

const SHARED = `[one]
${QUIET}action = iptables-remote[name=SHARED, port=http, protocol=tcp]

[two]
${QUIET}action = iptables-remote[name=SHARED, port=8080, protocol=tcp]
`;

const ODD = `[my jäil]
${QUIET}port = 22 nonesuch

[-x]
${QUIET}action = iptables-remote[name="-x", port=8080, protocol=TCP]
  iptables-remote[name=AAA, port="http
  https", protocol=6, actname=first]

[recidive]
${QUIET}port = ssh
banaction = %(banaction_allports)s
`;
