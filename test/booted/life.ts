/** A year in the life of a firewall and two servers: each test goes on from where the one before it ended. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { failToLogIn, leaked, reaches } from './attack.ts';
import { commandsOf } from './commands-of.ts';
import type { Machine } from './machine.ts';
import { assertConverged, assertNoUnitFailed, dropOf, Machines } from './machines.ts';
import { ADDRESSES, ADDRESSES6, type MachineName, type ServerName } from './network.ts';
import { STREAM_PORT } from './stream.ts';

const test = suite('on booted machines');

const SERVERS: readonly ServerName[] = ['web1', 'web2'];
const { attacker } = ADDRESSES;

let machines: Machines;

const machine = (name: MachineName): Machine => machines.get(name);
const firewall = (): Machine => machine('firewall');

test.before(async () => {
  machines = await Machines.boot('trixie', ['firewall', ...SERVERS]);
});

test.after(async () => {
  await machines.cutPower();
});

test('the package installs on the firewall by the commands of the pages, and runs', async () => {
  await firewall().output(`cd /root/debs; ${commandsOf('install on the firewall')}`);

  assert.is(await firewall().property('banspool.service', 'ActiveState'), 'active');
  assert.match(await firewall().property('banspool.service', 'StatusText'), /^converged, 0 bans/);
  assert.is(await firewall().property('banspool-reconcile.timer', 'ActiveState'), 'active');
  await assertHealthy();
});

const assertHealthy = async (): Promise<void> => assertConverged(firewall());

test('the controller holds two capabilities and nothing else, and listens nowhere', async () => {
  const pid = await firewall().property('banspool.service', 'MainPID');

  const status = await firewall().output('cat', `/proc/${pid}/status`);
  const exposure = await firewall().output('systemd-analyze', 'security', '--no-pager', 'banspool.service');
  const listening = await firewall().output('ss', '--listening', '--tcp', '--udp', '--raw', '--processes');

  assert.match(status, /^CapEff:\t0000000000003000$/m);
  assert.match(status, /^CapBnd:\t0000000000003000$/m);
  assert.match(status, /^NoNewPrivs:\t1$/m);
  assert.match(status, /^Seccomp:\t2$/m);
  assert.ok(Number(/Overall exposure level for .*: ([0-9.]+)/.exec(exposure)?.[1]) < 2, exposure);
  assert.not.match(listening, /banspool|node/);
});

test('other users of the firewall see the metrics and nothing else', async () => {
  const asNobody = async (command: string): Promise<number> =>
    (await firewall().run('runuser', '-u', 'nobody', '--', 'sh', '-c', command)).code;

  assert.is(await asNobody('cat /run/banspool/banspool.prom'), 0);
  for (const path of ['/run/banspool/status.json', '/var/lib/banspool/state/policy.yaml'])
    assert.is.not(await asNobody(`cat ${path}`), 0, path);
});

test('the servers install by the commands of the pages, unasked, and reach the firewall', async () => {
  // One of them comes from the article's scripts, whose action had the same name.
  await machine('web1').output(`
    mkdir -p /etc/fail2ban/action.d
    echo 'actionban = /usr/local/bin/banip.sh' >${ARTICLES_ACTION}`);
  await Promise.all(
    SERVERS.map((name) => machine(name).output(`cd /root/debs; ${commandsOf('install on a server')}`)),
  );
  for (const name of SERVERS) await machines.letIn(name);
  await firewall().output(commandsOf('spare the servers'));
  assert.match(await machine('web1').output('cat', `${ARTICLES_ACTION}.before-banspool`), /banip\.sh/);

  for (const name of SERVERS) {
    const said = await machine(name).output(commandsOf('start sending'));
    assert.not.match(said, /^bad/m);
  }

  const { stdout } = await firewall().run('banspool', 'doctor');
  assert.not.match(stdout, /^(bad|warn)/m);
});

const ARTICLES_ACTION = '/etc/fail2ban/action.d/iptables-remote.conf';

test('failed logins on one server end in a drop for both, until that server lets go', async () => {
  await machine('web1').output(`
    printf '[sshd]\\nmaxretry = 2\\n' >/etc/fail2ban/jail.d/strict.local
    fail2ban-client reload sshd`);

  await failToLogIn('web1', 3);

  await eventually(async () => {
    for (const name of SERVERS) assert.not(await reaches('attacker', name), `the attacker reaches ${name}`);
  }, 60_000);
  for (const name of SERVERS) assert.ok(await reaches('bystander', name));
  await machine('web1').output('fail2ban-client', 'set', 'sshd', 'unbanip', attacker);
  await eventually(async () => {
    for (const name of SERVERS)
      assert.ok(await reaches('attacker', name), `the attacker does not reach ${name}`);
  }, 60_000);
});

test('a ban that never left its server is made good by the timer’s snapshot, whatever the time zone', async () => {
  // The timer's own run would have a share in this; one that is under way ends first.
  await machine('web2').output(`
    systemctl stop banspool-send.timer
    systemctl start banspool-send.service`);
  await machine('web2').output(`
    chmod -x /usr/sbin/banspool-send
    fail2ban-client set sshd banip 203.0.113.55
    chmod +x /usr/sbin/banspool-send
    rm -f /var/spool/banspool-send/.snapshot /var/spool/banspool-send/.unsettled,*
    # What has only just started shows a part of its bans, and is not asked.
    touch --date '10 minutes ago' /run/fail2ban/fail2ban.sock`);

  await machine('web2').output('systemctl', 'start', 'banspool-send.service');

  const journal = await machine('web2').output('journalctl', '--unit=banspool-send.service', '--boot');
  await eventually(async () => {
    assert.match(await firewall().output('iptables', '-S'), dropOf('203.0.113.55'), journal);
  }, 10_000);
  assert.is(await machine('web2').property('banspool-send.service', 'Result'), 'success');
  await machine('web2').output('systemctl', 'start', 'banspool-send.timer');
});

test('more than a thousand bans of one jail are a set, which the units may look up', async () => {
  await firewall().output(`
    cd /var/spool/banspool/web1
    now=$(date +%s)
    for number in $(seq 1100); do
      ip=198.51.$((number / 250 + 100)).$((number % 250 + 1))
      printf '%s\n' 'intent: ban' 'jail: flood' "ip: $ip" "time: $now" 'bantime: 36000' '...' >.part
      mv .part "$now$(printf %09d "$number")-1-1.yaml"
    done`);

  await eventually(async () => {
    assert.match(
      await firewall().output('iptables', '-S', 'fail2ban-flood'),
      /--match-set fail2ban-flood src -j DROP/,
    );
    // The first thousand and some are enough for a set.
    assert.match(await firewall().output('ipset', 'list', '-terse', 'fail2ban-flood'), ALL_OF_THE_FLOOD);
  }, 60_000);
  await firewall().output('systemctl', 'start', 'banspool-reconcile.service');
  assert.match(await firewall().output('ipset', 'list', '-terse', 'fail2ban-flood'), ALL_OF_THE_FLOOD);
  await assertHealthy();
});

const ALL_OF_THE_FLOOD = /^Number of entries: 1100$/m;

test('a reboot lets no packet through: the bans stand before the network is up', async () => {
  await firewall().output('banspool', 'ban', attacker, '--wait');

  const count = await leaked(() => firewall().reboot());

  assert.is(count, 0);
  await assertBansBeforeNetwork();
});

test('a power cut lets no packet through either', async () => {
  const count = await leaked(async () => {
    await firewall().cutPower();
    await firewall().powerOnAgain();
  });

  assert.is(count, 0);
  await assertBansBeforeNetwork();
});

async function assertBansBeforeNetwork(): Promise<void> {
  const bans = Number(await firewall().property('banspool-boot.service', 'ActiveEnterTimestampMonotonic'));
  const network = Number(
    await firewall().property('systemd-networkd.service', 'InactiveExitTimestampMonotonic'),
  );
  assert.ok(bans > 0 && bans < network, `bans after ${bans} us, network after ${network} us`);
  await assertHealthy();
}

test('rules that somebody saved, ours with sets among them, stand after a reboot, and no packet comes through', async () => {
  await firewall().output(`
    echo 'iptables-persistent iptables-persistent/autosave_v4 boolean false' | debconf-set-selections
    echo 'iptables-persistent iptables-persistent/autosave_v6 boolean false' | debconf-set-selections
    apt install iptables-persistent
    for program in iptables ip6tables; do
      $program -A INPUT -i lo -j ACCEPT
      $program -A INPUT -p tcp --dport 22 -j ACCEPT
      $program -A FORWARD -p tcp --dport 8080 -j DROP
      $program -A FORWARD -j ACCEPT
      $program -P INPUT DROP
      $program -P FORWARD DROP
    done
    ip6tables -I INPUT -p icmpv6 -j ACCEPT
    iptables -I INPUT -p icmp -j ACCEPT`);
  await banByTheThousand();
  await firewall().output('netfilter-persistent', 'save');
  savedByHand = await foreignRules();

  const count = await leaked(() => firewall().reboot(), ['ipv4', 'ipv6']);

  assert.equal(await foreignRules(), savedByHand);
  assert.is(count, 0);
  for (const set of ['fail2ban-saved', 'fail2ban-saved:6'])
    assert.match(await firewall().output('ipset', 'list', '-terse', set), /^Number of entries: 2001$/m);
  await assertBansBeforeNetwork();
  assert.not.match(
    await firewall().output('journalctl', '--boot', '--unit=netfilter-persistent.service'),
    /rror/,
  );
});

let savedByHand: readonly string[] = [];

/** 2,000 hosts and the attacker in each family, all in sets of one jail. */
async function banByTheThousand(): Promise<void> {
  await firewall().output(
    `
    cd /var/spool/banspool/web1
    now=$(date +%s)
    {
      printf '%s\n' 'intent: snapshot' 'jail: saved' "time: $now" 'protocol: all' 'bans:'
      for number in $(seq 2000); do
        ips="198.18.$((number / 250)).$((number % 250 + 1)) 2001:db8:ffff::$number"
        for ip in $ips; do printf '  - { ip: %s, time: %s, bantime: 36000 }\n' "$ip" "$now"; done
      done
      printf '  - { ip: %s, time: %s, bantime: 36000 }\n' ${ADDRESSES.attacker} $now ${ADDRESSES6.attacker} $now
      echo ...
    } >.part
    mv .part "$now"000000000-1-1.yaml`,
  );
  await eventually(async () => {
    for (const set of ['fail2ban-saved', 'fail2ban-saved:6'])
      assert.match(await firewall().output('ipset', 'list', '-terse', set), /^Number of entries: 2001$/m);
  }, 60_000);
}

/** Of both families, policies too. */
async function foreignRules(): Promise<readonly string[]> {
  const rules = await firewall().output('iptables -S; ip6tables -S');
  return rules.split('\n').filter((line) => !line.includes('fail2ban-'));
}

test('an upgrade lets no packet through, and starts the new program', async () => {
  const pid = await firewall().property('banspool.service', 'MainPID');
  await firewall().output(`
    dpkg-deb --raw-extract /root/debs/banspool_*_all.deb /root/newer
    sed -i 's/^Version: .*/&+newer/' /root/newer/DEBIAN/control
    dpkg-deb --build /root/newer /root/newer.deb`);

  const count = await leaked(() => firewall().output('apt', 'install', '/root/newer.deb'));

  assert.is(count, 0);
  assert.match(await firewall().output('dpkg-query', '--show', 'banspool'), /\+newer$/);
  assert.is.not(await firewall().property('banspool.service', 'MainPID'), pid);
  await assertHealthy();
});

test('a killed controller is back in seconds, and no packet comes through meanwhile', async () => {
  const pid = await firewall().property('banspool.service', 'MainPID');

  const count = await leaked(async () => {
    await firewall().output('kill', '-KILL', pid);
    await untilRestarted(pid);
  });

  assert.is(count, 0);
});

async function untilRestarted(pid: string): Promise<void> {
  await eventually(async () => {
    assert.is.not(await firewall().property('banspool.service', 'MainPID'), pid);
    assert.is(await firewall().property('banspool.service', 'ActiveState'), 'active');
  }, 30_000);
}

test('a controller that hangs is killed by the watchdog and started again', async () => {
  await firewall().output(`
    mkdir -p /run/systemd/system/banspool.service.d
    printf '[Service]\\nWatchdogSec=6\\n' >/run/systemd/system/banspool.service.d/soon.conf
    systemctl daemon-reload
    systemctl restart banspool.service`);
  const pid = await firewall().property('banspool.service', 'MainPID');

  await firewall().output('kill', '-STOP', pid);

  await untilRestarted(pid);
  assert.match(
    await firewall().output('journalctl', '--unit=banspool.service', '--boot'),
    /Watchdog timeout/,
  );
  await firewall().output(`
    rm -r /run/systemd/system/banspool.service.d
    systemctl daemon-reload
    systemctl restart banspool.service`);
});

test('restarting nftables, which flushes everything, brings the bans back at once', async () => {
  await firewall().output('systemctl', 'restart', 'nftables.service');

  await eventually(async () => {
    assert.match(await firewall().output('iptables', '-S'), dropOf(attacker));
  }, 10_000);
});

test('iptables-legacy is kept by the same units, and what is left in the other variant is told', async () => {
  await firewall().output(`
    echo 'iptables: legacy' >>/etc/banspool/config.yaml
    systemctl reload banspool.service`);

  await eventually(async () => {
    assert.match(await firewall().output('iptables-legacy', '-S'), dropOf(attacker));
  }, 10_000);
  await eventually(async () => {
    assert.match(
      (await firewall().run('banspool', 'status')).stdout,
      /OtherVariantClean is false .*ipv4: iptables-nft still has/,
    );
  });
  await firewall().output(`
    sed -i '/^iptables: legacy$/d' /etc/banspool/config.yaml
    systemctl reload banspool.service`);
  assert.match((await firewall().run('banspool', 'doctor')).stdout, /ipv4: iptables-legacy still has/);

  await firewall().output(`
    for program in iptables-legacy ip6tables-legacy; do $program -F; $program -X; done`);
  await eventually(assertHealthy);
});

test('on a full disk bans are enforced all the same, and status says what is wrong', async () => {
  await firewall().output(`
    systemctl stop banspool.service banspool-reconcile.timer
    cp -a /var/lib/banspool /root/kept
    mount -t tmpfs -o size=4M,mode=755,uid=banspool,gid=banspool tmpfs /var/lib/banspool
    cp -a /root/kept/. /var/lib/banspool
    systemctl start banspool.service
    head -c 8M /dev/zero >/var/lib/banspool/filler || true`);

  await machine('web2').output('fail2ban-client', 'set', 'sshd', 'banip', '203.0.113.99');

  await eventually(async () => {
    assert.match(await firewall().output('iptables', '-S'), dropOf('203.0.113.99'));
  }, 30_000);
  // It is told at the end of the pass, whose rules come first.
  await eventually(async () => {
    const status = await firewall().run('banspool', 'status');
    assert.is(status.code, 1, status.stdout);
    assert.match(status.stdout, /StateSaved is false .*ENOSPC/);
  });
  await firewall().output('rm', '/var/lib/banspool/filler');
  await eventually(assertHealthy, 30_000);
  await firewall().output(`
    systemctl stop banspool.service
    rsync -a --delete /var/lib/banspool/ /root/kept/
    umount /var/lib/banspool
    # An older state than the one that was last enforced would be taken for a loss.
    rsync -a --delete /root/kept/ /var/lib/banspool/
    systemctl start banspool.service banspool-reconcile.timer`);
  await eventually(assertHealthy, 30_000);
});

test('a remove leaves the rules and the state', async () => {
  const count = await leaked(() => firewall().output('apt', 'remove', 'banspool'));

  assert.is(count, 0);
  assert.match(await firewall().output('iptables', '-S'), dropOf(attacker));
  await firewall().output('test -e /var/lib/banspool/state/policy.yaml');
  // Nobody would make their sets at the next boot.
  for (const family of ['v4', 'v6']) {
    const saved = `/etc/iptables/rules.${family}`;
    assert.not.match(await firewall().output('cat', saved), /fail2ban-/);
    assert.match(await firewall().output('cat', `${saved}.with-banspool`), /--match-set fail2ban-saved/);
  }
});

test('an install over what a remove left goes on where it ended', async () => {
  const count = await leaked(() => firewall().output('apt install /root/debs/banspool_*_all.deb'));

  assert.is(count, 0);
  await assertHealthy();
});

test('a purge takes rules, state, spool and keys away, and nothing of others', async () => {
  await firewall().output('iptables -A INPUT -p tcp --dport 8080 -j DROP');

  await firewall().output('apt', 'purge', 'banspool');

  const rules = await firewall().output('iptables', '-S');
  assert.not.match(rules, /fail2ban-/);
  assert.is(await firewall().output('ipset', 'list', '-name'), '');
  assert.match(rules, /^-A INPUT -p tcp -m tcp --dport 8080 -j DROP$/m);
  await firewall().output('iptables', '-D', 'INPUT', '-p', 'tcp', '--dport', '8080', '-j', 'DROP');
  for (const path of LEFT_BY_NOBODY) {
    assert.is((await firewall().run('test', '-e', path)).code, 1, `${path} is left`);
  }
  assert.is(await firewall().output('find /etc/systemd /var/lib/systemd -name "banspool*"'), '');
  await assertNoUnitFailed(firewall());
  // As at the next boot.
  await firewall().output('netfilter-persistent', 'start');
  assert.equal(await foreignRules(), savedByHand);
  await firewall().output('apt', 'purge', 'iptables-persistent', 'netfilter-persistent');
});

test('moving over from the article’s scripts opens no gap: what they banned is adopted', async () => {
  await firewall().output(`${ARTICLE}
    banip fail2ban-probe ${attacker} ${STREAM_PORT} udp
    banip fail2ban-ssh 203.0.113.88 22 tcp`);
  const rules = async (): Promise<readonly string[]> =>
    (await firewall().output('iptables', '-S')).split('\n').sort();
  const before = await rules();

  const count = await leaked(() => firewall().output('apt install /root/debs/banspool_*_all.deb'));

  assert.is(count, 0);
  assert.equal(await rules(), before);
  const adopted = (await firewall().output('banspool', 'list'))
    .split('\n')
    .filter((line) => line.includes('adopted'));
  assert.equal(adopted.map((line) => line.split(' ')[0]).sort(), [attacker, '203.0.113.88']);
  await assertHealthy();
  await firewall().output('banspool', 'unban', attacker, '--wait');
  assert.not.match(await firewall().output('iptables', '-S'), dropOf(attacker));
});

/** What banip.sh of the article did: chain, jumps on top, and one rule a ban above the RETURN. */
const ARTICLE = `
  banip() { # CHAIN IP PORTS PROTOCOL
    iptables -N "$1"
    iptables -A "$1" -j RETURN
    for hook in FORWARD INPUT; do iptables -I "$hook" -p "$4" -m multiport --dports "$3" -j "$1"; done
    iptables -I "$1" 1 -s "$2" -j DROP
  }`;

const LEFT_BY_NOBODY = [
  '/etc/banspool',
  '/usr/lib/banspool',
  '/var/lib/banspool',
  '/var/lib/banspool-keys',
  '/var/spool/banspool',
  '/run/banspool',
];

test('an upgrade on a server asks nothing, though its config was written by hand', async () => {
  const config = await machine('web2').output('cat', '/etc/banspool/send.conf');
  await machine('web2').output(`
    dpkg-deb --raw-extract /root/debs/banspool-send_*.deb /root/newer
    sed -i 's/^Version: .*/&+newer/' /root/newer/DEBIAN/control
    echo '# newer' >>/root/newer/usr/share/banspool-send/action.d/iptables-remote.conf
    dpkg-deb --build /root/newer /root/newer.deb
    apt install /root/newer.deb </dev/null`);

  assert.is(await machine('web2').output('cat', '/etc/banspool/send.conf'), config);
  assert.match(await machine('web2').output('cat', ARTICLES_ACTION), /^# newer$/m);
});

test('a purge on a server leaves a fail2ban that starts, tells where it is still named, and no key', async () => {
  await machine('web1').output(`
    rm /etc/fail2ban/jail.d/banspool.local
    printf '[DEFAULT]\\nbanaction = iptables-remote\\n' >/etc/fail2ban/jail.local`);

  const said = await machine('web1').output('apt purge banspool-send 2>&1');

  assert.match(
    said,
    /no firewall enforces new bans: .* remove it from \/etc\/fail2ban\/jail\.local and restart fail2ban/,
  );
  assert.match(
    said,
    /the firewall still allows this server; to remove it, run there: banspool server remove web1/,
  );
  await machine('web1').output('systemctl', 'restart', 'fail2ban');
  // It is started before it answers.
  await eventually(() => machine('web1').output('fail2ban-client', 'status', 'sshd'), 20_000);
  assert.is(
    await machine('web1').output('ls -A /etc/banspool /var/spool/banspool-send 2>/dev/null || true'),
    '',
  );
});

test.run();
