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
  await assertConverged(firewall());
});

test('a remove leaves the rules, and a purge nothing', async () => {
  await firewall().output('apt', 'remove', 'banspool');
  const left = await firewall().output('iptables', '-S');
  await firewall().output('apt', 'purge', 'banspool');

  assert.match(left, dropOf(attacker));
  assert.not.match(await firewall().output('iptables', '-S'), /fail2ban-/);
  for (const path of ['/usr/lib/banspool', '/var/lib/banspool', '/etc/banspool'])
    assert.is((await firewall().run('test', '-e', path)).code, 1, `${path} is left`);
  await assertNoUnitFailed(firewall());
});

test.run();
