/** On Debian 13 either package will do: what becomes of a firewall that goes from the one to the other and back. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandsOf } from './commands-of.ts';
import type { Machine } from './machine.ts';
import { assertConverged, dropOf, Machines } from './machines.ts';
import { ADDRESSES } from './network.ts';

const test = suite('from one Node to the other');

let machines: Machines;

const firewall = (): Machine => machines.get('firewall');

test.before(async () => {
  machines = await Machines.boot('trixie', ['firewall']);
});

test.after(async () => {
  await machines.cutPower();
});

const OWN = '/usr/lib/banspool/node';
const SYSTEMS = '/usr/bin/node';

/** On what the controller runs that has this process id. */
async function nodeOf(pid: string): Promise<string> {
  return firewall().output('readlink', `/proc/${pid}/exe`);
}

test('the package with its own Node installs where the system has none, and bans', async () => {
  await firewall().output(`cd /root/debs; ${commandsOf('install with its own Node')}`);

  await firewall().output('banspool', 'ban', ADDRESSES.attacker, '--wait');

  assert.is(await nodeOf(await firewall().property('banspool.service', 'MainPID')), OWN);
  assert.is((await firewall().run('test', '-e', SYSTEMS)).code, 1);
  assert.match(await firewall().output('iptables', '-S'), dropOf(ADDRESSES.attacker));
  await assertConverged(firewall());
});

const CHANGES = [
  ['to the system’s Node', 'banspool_*_all.deb', SYSTEMS],
  ['back to its own', 'banspool_*_$(dpkg --print-architecture).deb', OWN],
] as const;

for (const [change, file, node] of CHANGES) {
  test(`the package goes ${change} by apt install, at one version, and every rule and ban stays`, async () => {
    const rules = await firewall().output('iptables', '-S');
    const pid = await firewall().property('banspool.service', 'MainPID');

    await firewall().output(`apt install /root/debs/${file}`);

    const newPid = await firewall().property('banspool.service', 'MainPID');
    assert.is.not(newPid, pid);
    assert.is(await nodeOf(newPid), node);
    assert.is(await firewall().output('iptables', '-S'), rules);
    assert.match(await firewall().output('banspool', 'list'), ADDRESSES.attacker);
    assert.is((await firewall().run('test', '-e', OWN)).code, node === OWN ? 0 : 1);
    await assertConverged(firewall());
  });
}

test.run();
