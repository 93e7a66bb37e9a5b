/** A day in the life of a firewall and a server of Debian 12, whose Node is too old: the package brings one along. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { failToLogIn, leaked, reaches } from './attack.ts';
import { commandsOf } from './commands-of.ts';
import type { Machine } from './machine.ts';
import { assertConverged, assertNoUnitFailed, dropOf, Machines } from './machines.ts';
import { ADDRESSES } from './network.ts';

const test = suite('on Debian 12');

const { attacker } = ADDRESSES;

let machines: Machines;

const firewall = (): Machine => machines.get('firewall');
const web1 = (): Machine => machines.get('web1');

test.before(async () => {
  machines = await Machines.boot('bookworm', ['firewall', 'web1']);
});

test.after(async () => {
  await machines.cutPower();
});

test('the package installs on the firewall, and runs on its own Node, which is in no PATH', async () => {
  await firewall().output(`cd /root/debs; ${commandsOf('install with its own Node')}`);

  const pid = await firewall().property('banspool.service', 'MainPID');
  const status = await firewall().output('cat', `/proc/${pid}/status`);
  assert.match(await firewall().property('banspool.service', 'StatusText'), /^converged, 0 bans/);
  assert.is(await firewall().output('readlink', `/proc/${pid}/exe`), '/usr/lib/banspool/node');
  assert.is((await firewall().run('sh', '-c', 'command -v node nodejs')).stdout, '');
  assert.match(status, /^CapEff:\t0000000000003000$/m);
  assert.match(status, /^Seccomp:\t2$/m);
  await assertConverged(firewall());
});

test('failed logins on a server, whose fail2ban reads the journal, end in a drop until it lets go', async () => {
  await web1().output(`
    cd /root/debs
    ${commandsOf('install on a server')}
    ${commandsOf('sshd logs to the journal')}
    printf '[sshd]\\nmaxretry = 2\\n' >/etc/fail2ban/jail.d/strict.local`);
  await machines.letIn('web1');
  const said = await web1().output(commandsOf('start sending'));

  await failToLogIn('web1', 3);

  await eventually(async () => {
    assert.not(await reaches('attacker', 'web1'), said);
  }, 60_000);
  assert.not.match(said, /^bad/m);
  assert.ok(await reaches('bystander', 'web1'));
  assert.not.match((await firewall().run('banspool', 'doctor')).stdout, /^(bad|warn)/m);
  await web1().output('fail2ban-client', 'set', 'sshd', 'unbanip', attacker);
  await eventually(async () => {
    assert.ok(await reaches('attacker', 'web1'));
  }, 60_000);
});

test('a service that sees no claims tells who emptied the rules, and page, top and support show it', async () => {
  await firewall().output(MESSENGER);
  const tested = await firewall().output('runuser -u banspool-notify -- banspool notify --test');
  await firewall().output('systemctl', 'enable', '--now', 'banspool-notify');
  await firewall().output('banspool', 'ban', attacker, '--wait');
  // Who is new is told of what is to come.
  await eventually(() => firewall().output('test -e /var/lib/banspool-notify/contact.json'), 20_000);

  await firewall().output('iptables', '-F');

  let told = '';
  await eventually(async () => {
    told = await firewall().output('cat', '/var/lib/banspool-notify/told');
    assert.match(told, /"subject":"firewall: drift: \d+ changes? by iptables undone/);
  }, 60_000);
  const exposure = await firewall().output(
    ...['systemd-analyze', 'security', '--no-pager', 'banspool-notify.service'],
  );
  assert.match(tested, /^pager \(command\): sent/);
  assert.ok(Number(/Overall exposure level for .*: ([0-9.]+)/.exec(exposure)?.[1]) < 2, exposure);
  assert.match(told, /^uid=\d+\(banspool-notify\) .*CapEff: 0+ Seccomp: 2$/m);
  assert.equal(told.match(/^cannot .*/gm), [
    'cannot read /var/lib/banspool',
    'cannot read /var/spool/banspool',
  ]);
  assert.match(await firewall().output('iptables', '-S'), dropOf(attacker));
  assert.is(await firewall().output('stat -c "%a %U" /run/banspool/report/index.html'), '640 banspool');
  assert.match(await firewall().output('banspool', 'top', '--once'), /iptables/);
  await firewall().output(`
    mkdir /root/report
    banspool support --out /root/report.tar.gz
    tar -xzf /root/report.tar.gz --strip-components=1 -C /root/report`);
  assert.match(await firewall().output('cat', '/root/report/log.txt'), / banspool\[\d+\]: .*drift: iptables/);
  assert.match(
    await firewall().output('cat', '/root/report/units.txt'),
    /^ *banspool-notify\.service +loaded +active +running /m,
  );
});

/** A channel whose program keeps the last message, and what it may do. */
const MESSENGER = `
  cat >>/etc/banspool/config.yaml <<'END'
notify:
  channels:
    pager: { by: command, command: [/usr/local/bin/page, --all], group: 0s }
END
  cat >/usr/local/bin/page <<'END'
#! /bin/sh
{
  echo $(id) $(grep -E '^(CapEff|Seccomp):' /proc/self/status)
  for path in /var/lib/banspool /var/spool/banspool; do
    ls $path >/dev/null 2>&1 || echo cannot read $path
  done
  cat
} >/var/lib/banspool-notify/told
END
  chmod +x /usr/local/bin/page`;

test('neither a reboot nor an upgrade lets a packet through', async () => {
  await firewall().output('banspool', 'ban', attacker, '--wait');

  const count = await leaked(async () => {
    await firewall().reboot();
    await firewall().output(`
      dpkg-deb --raw-extract /root/debs/banspool_*_$(dpkg --print-architecture).deb /root/newer
      sed -i 's/^Version: .*/&+newer/' /root/newer/DEBIAN/control
      dpkg-deb -Zzstd -z1 --build /root/newer /root/newer.deb
      apt install /root/newer.deb`);
  });

  assert.is(count, 0);
  assert.match(await firewall().output('dpkg-query', '--show', 'banspool'), /\+newer$/);
  assert.is(await firewall().property('banspool-notify.service', 'ActiveState'), 'active');
  await assertConverged(firewall());
});

test('a remove leaves the rules, and a purge nothing', async () => {
  await firewall().output('apt', 'remove', 'banspool');
  const left = await firewall().output('iptables', '-S');
  await firewall().output('apt', 'purge', 'banspool');

  assert.match(left, dropOf(attacker));
  assert.not.match(await firewall().output('iptables', '-S'), /fail2ban-/);
  for (const path of [
    ...['/usr/lib/banspool', '/etc/banspool'],
    ...['/var/lib/banspool', '/var/lib/banspool-notify'],
  ])
    assert.is((await firewall().run('test', '-e', path)).code, 1, `${path} is left`);
  await assertNoUnitFailed(firewall());
});

test.run();
