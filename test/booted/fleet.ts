/** A fleet of a Debian 13, which is the hub too, and a Debian 12, set up by the commands of docs/fleet.md. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandsOf as blockOf } from '../docs/pages.ts';
import { eventually } from '../support/eventually.ts';
import { reaches } from './attack.ts';
import { commandsOf } from './commands-of.ts';
import type { Machine } from './machine.ts';
import { assertNoUnitFailed, dropOf, Machines } from './machines.ts';
import { ADDRESSES, type FirewallName } from './network.ts';

const test = suite('a fleet on booted machines');

const FIREWALLS: readonly FirewallName[] = ['fw1', 'fw2'];
const { attacker } = ADDRESSES;
const ABSENT = '203.0.113.55';

/** A mover that was killed is started again after 5 s, and an address is heard of as late as `every` after that. */
const PATIENCE_MS = 60_000;

let machines: Machines;

const fw1 = (): Machine => machines.get('fw1');
const fw2 = (): Machine => machines.get('fw2');
const hub = fw1;

test.before(async () => {
  machines = await Machines.boot('trixie', FIREWALLS, { fw2: 'bookworm' });
});

test.after(async () => {
  await machines.cutPower();
});

test('two firewalls are a fleet by the commands of the page, and nothing is wrong with it', async () => {
  await Promise.all([
    fw1().output(`cd /root/debs; ${commandsOf('install on the firewall')}`),
    fw2().output(`cd /root/debs; ${commandsOf('install with its own Node')}`),
  ]);

  for (const name of FIREWALLS) await follow(name, 'name a firewall and make its keys');
  for (const [from, to] of [
    ['fw1', 'fw2'],
    ['fw2', 'fw1'],
  ] as const) {
    await carry([from, '/var/lib/banspool-fleet/mover/ssh_key.pub'], ['fw1', `${from}-ssh.pub`]);
    await carry([from, `/root/${from}.pub`], [to, `${from}.pub`]);
  }
  await follow('fw1', 'make a hub');
  for (const name of FIREWALLS) await follow(name, 'add a peer and start the mover');

  await spareTheHub();
  await eventually(assertAllWell, PATIENCE_MS);
});

/** Runs a block of docs/fleet.md, which is written for fw1, in the folder of root. */
async function follow(name: FirewallName, block: string): Promise<void> {
  const script = blockOf(`test/lab: ${block}`);
  const exchanged = script.replaceAll(/\bfw[12]\b/g, (each) => (each === 'fw1' ? 'fw2' : 'fw1'));
  await machines.get(name).output(`cd /root; ${name === 'fw1' ? script : exchanged}`);
}

async function carry(
  [from, path]: readonly [FirewallName, string],
  [to, name]: readonly [FirewallName, string],
): Promise<void> {
  const text = await machines.get(from).output('cat', path);
  await machines.get(to).output('sh', '-ec', 'printf "%s\\n" "$1" >"/root/$2"', 'sh', text, name);
}

/** As the page says below the commands. */
async function spareTheHub(): Promise<void> {
  await fw2().output(`
    sed -i 's/^allow:$/&\\n  - { net: ${ADDRESSES.fw1}, note: hub }/' /var/lib/banspool/state/policy.yaml`);
  await fw1().output(`
    sed -i 's/^allow:$/&\\n  - { net: ${ADDRESSES.fw2}, note: fw2 }/' /var/lib/banspool/state/policy.yaml`);
}

/** Throws unless all that a user may ask finds nothing wrong, but for the servers that these firewalls do not have. */
async function assertAllWell(): Promise<void> {
  for (const name of FIREWALLS) {
    for (const command of ['status', 'peers']) {
      const { code, stdout, stderr } = await machines.get(name).run('banspool', command);
      assert.is(code, 0, `${name}: ${stdout}${stderr}`);
    }
    const { code, stdout } = await machines.get(name).run('banspool', 'doctor');
    assert.is(code, 0, stdout);
    assert.equal(stdout.match(/^(bad|warn) .*/gm), ['warn  no server has a key'], stdout);
    await assertNoUnitFailed(machines.get(name));
  }
}

test('the mover has an account of its own and no capability, sees no claims, and listens nowhere', async () => {
  for (const name of FIREWALLS) {
    const machine = machines.get(name);
    const pid = await machine.property('banspool-fleet.service', 'MainPID');

    const status = await machine.output('cat', `/proc/${pid}/status`);
    const uid = await machine.output('id', '-u', 'banspool-fleet');
    const exposure = await machine.output(
      'systemd-analyze',
      'security',
      '--no-pager',
      'banspool-fleet.service',
    );
    const listening = await machine.output('ss', '--listening', '--tcp', '--udp', '--raw', '--processes');

    assert.match(status, new RegExp(`^Uid:\\t${uid}\\t${uid}\\t${uid}\\t${uid}$`, 'm'));
    for (const set of ['Eff', 'Prm', 'Bnd', 'Amb']) assert.match(status, `Cap${set}:\t0000000000000000`);
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.match(status, /^Seccomp:\t2$/m);
    assert.ok(Number(/Overall exposure level for .*: ([0-9.]+)/.exec(exposure)?.[1]) < 2, exposure);
    assert.not.match(listening, /banspool|node/);
    assert.is(await machine.property('banspool-fleet.service', 'MemoryMax'), String(256 * 1024 * 1024));
    assert.is.not((await machine.run('ls', `/proc/${pid}/root/var/lib/banspool/state`)).code, 0);
  }
});

test('what one bans the other drops, and no longer when either unbans it', async () => {
  for (const [here, there] of [
    [fw1, fw2],
    [fw2, fw1],
  ] as const) {
    await here().output('banspool', 'ban', attacker, '--wait');
    await eventually(async () => {
      for (const name of FIREWALLS) assert.not(await reaches('attacker', name), `it reaches ${name}`);
    }, PATIENCE_MS);
    for (const name of FIREWALLS) assert.ok(await reaches('bystander', name));
    assert.match(await there().output('banspool', 'why', attacker), `${here().name}/local claims it`);

    await fw1().output('banspool', 'unban', attacker, '--wait');
    await eventually(async () => {
      for (const name of FIREWALLS) assert.ok(await reaches('attacker', name), `it does not reach ${name}`);
    }, PATIENCE_MS);
  }
});

test('a mover that was killed with all its programs is back, and fetches what it missed', async () => {
  const pid = await fw2().property('banspool-fleet.service', 'MainPID');
  await fw2().output('systemctl', 'kill', '--signal=KILL', 'banspool-fleet.service');

  await fw1().output('banspool', 'ban', ABSENT, '--wait');

  await eventually(async () => assertDropped(fw2(), ABSENT), PATIENCE_MS);
  assert.is.not(await fw2().property('banspool-fleet.service', 'MainPID'), pid);
});

async function assertDropped(firewall: Machine, ip: string): Promise<void> {
  assert.match(await firewall.output('iptables', '-S'), dropOf(ip));
}

test('while the hub is away status tells it and all bans stay, and what was missed comes when it is back', async () => {
  await hub().output('systemctl stop ssh; pkill --full "sshd.*banspool-hub"');
  await fw1().output('banspool', 'ban', attacker, '--wait');
  await fw2().output('banspool', 'ban', MISSED, '--wait');
  await eventually(async () => {
    for (const name of FIREWALLS) {
      const { code, stdout } = await machines.get(name).run('banspool', 'status');
      assert.is(code, 1);
      assert.match(stdout, /^FleetReachable is false \(HubNotReached\): .*Connection refused/m);
    }
  }, PATIENCE_MS);
  await assertDropped(fw2(), ABSENT);
  assert.ok(await reaches('attacker', 'fw2'));

  await hub().output('systemctl', 'start', 'ssh');

  await eventually(async () => {
    await assertDropped(fw2(), attacker);
    await assertDropped(fw1(), MISSED);
    await assertAllWell();
  }, PATIENCE_MS);
});

const MISSED = '203.0.113.56';

test('after a reboot the bans of the peer stand before the network is up, and the fleet goes on', async () => {
  await fw2().reboot();

  const bans = Number(await fw2().property('banspool-boot.service', 'ActiveEnterTimestampMonotonic'));
  const network = Number(await fw2().property('systemd-networkd.service', 'InactiveExitTimestampMonotonic'));
  assert.ok(bans > 0 && bans < network, `bans after ${bans} us, network after ${network} us`);
  for (const ip of [attacker, ABSENT]) await assertDropped(fw2(), ip);
  await fw1().output('banspool', 'unban', ABSENT, '--wait');
  await eventually(async () => {
    assert.not.match(await fw2().output('iptables', '-S'), dropOf(ABSENT));
    await assertAllWell();
  }, PATIENCE_MS);
  await assertDropped(fw2(), attacker);
});

test.run();
