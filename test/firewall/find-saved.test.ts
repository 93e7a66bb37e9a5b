/** Saved rules that would not be loaded at the next boot for want of a set of ours. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { savedRulesConditions } from '../../src/status/saved-rules-conditions.ts';
import type { World } from '../../src/world/world.ts';
import { run } from '../../src/system/processes/run.ts';
import { openSavedRules } from '../../src/system/firewall/saved-rules.ts';
import { eventually } from '../support/eventually.ts';
import { ipset, iptables } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('saved rules');

const UNITS = 'etc/systemd/system';
const UNIT = 'banspool-saved-sets.service';

/** A machine of its own below the sandbox's folder, and the rules of this one saved in there. */
class Machine {
  readonly root: string;
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.root = join(sandbox.folder, 'machine');
  }

  get world(): World {
    return worldOf(this.#sandbox, { savedRules: openSavedRules(run, this.root) });
  }

  write(path: string, text: string): void {
    this.#makeFolderOf(path);
    writeFileSync(join(this.root, path), text);
  }

  link(path: string, target: string): void {
    this.#makeFolderOf(path);
    symlinkSync(target, join(this.root, path));
  }

  async complaints(): Promise<readonly string[]> {
    const findings = await diagnose(this.world);
    return findings
      .filter(({ what }) => what.includes('after a reboot'))
      .map(({ what, mend }) => `${what} | ${mend ?? ''}`);
  }

  #makeFolderOf(path: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
  }
}

async function saveBan(sandbox: Sandbox): Promise<Machine> {
  const machine = new Machine(sandbox);
  sandbox.drop('web1', banText('203.0.113.7'));
  await makePass(machine.world);
  machine.write('etc/iptables/rules.v4', await outputOf(['iptables-nft-save']));
  return machine;
}

const TOLD =
  '/etc/iptables/rules.v4 refers to the set fail2ban-sshd, which nothing creates before the file is loaded: after a reboot none of its rules would be loaded';

test('that look into a set which nothing makes in time are told by the pass, by status and by doctor', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const machine = await saveBan(sandbox);

  const pass = await makePass(machine.world);

  const mend = 'systemctl enable banspool-saved-sets.service';
  const message = `${TOLD}; fix: ${mend}`;
  assert.equal(pass.problems, [{ condition: 'SavedRulesLoad', reason: 'SetMissing', message }]);
  assert.equal(await savedRulesConditions(machine.world), [
    { type: 'SavedRulesLoad', status: 'False', reason: 'SetMissing', message },
  ]);
  assert.equal(await machine.complaints(), [`${TOLD} | ${mend}`]);
});

test('are well once the unit is enabled, not where it is masked, and again where the plugin is there', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const machine = await saveBan(sandbox);

  machine.link(`${UNITS}/sysinit.target.wants/${UNIT}`, `/usr/lib/systemd/system/${UNIT}`);
  const enabled = await machine.complaints();
  machine.link(`${UNITS}/${UNIT}`, '/dev/null');
  const masked = await machine.complaints();
  machine.write('usr/share/netfilter-persistent/plugins.d/12-banspool', '');
  const plugged = await machine.complaints();

  assert.equal([enabled.length, masked.length, plugged.length], [0, 1, 0]);
});

test('are well where ipset-persistent saved the set too', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const machine = await saveBan(sandbox);
  machine.write('etc/iptables/ipsets', await outputOf(['ipset', 'save']));

  const before = await machine.complaints();
  machine.write('usr/share/netfilter-persistent/plugins.d/10-ipset', '');

  assert.is(before.length, 1);
  assert.equal(await machine.complaints(), []);
});

const UNKEPT =
  'which no known program creates: after a reboot none of its rules would be loaded | save the rules again, or create the set before they are loaded';

test('of an old prefix are told, whoever enabled what makes the sets of the new one, until they are saved anew', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset', chainPrefix: 'ban.' } });
  const machine = await saveBan(sandbox);
  machine.link(`${UNITS}/sysinit.target.wants/${UNIT}`, `/usr/lib/systemd/system/${UNIT}`);
  const before = await machine.complaints();

  sandbox.configure({ chainPrefix: 'other-' });
  const changed = await machine.complaints();
  await iptables(['-F']);
  await eventually(() => ipset('destroy ban.sshd'));
  const gone = await machine.complaints();
  const conditions = await savedRulesConditions(machine.world);
  machine.write('etc/iptables/rules.v4', await outputOf(['iptables-nft-save']));

  const told = [`/etc/iptables/rules.v4 refers to the set ban.sshd, ${UNKEPT}`];
  assert.equal([before, changed, gone], [[], told, told]);
  assert.equal(
    conditions.map(({ reason }) => reason),
    ['SetMissing'],
  );
  assert.equal(await machine.complaints(), []);
});

test('of somebody else are told where their set is neither there nor saved', async () => {
  await using sandbox = await Sandbox.open();
  const machine = new Machine(sandbox);
  machine.write('etc/sysconfig/ip6tables', '-A INPUT -m set --match-set theirs src -j DROP\n');

  const missing = await machine.complaints();
  await ipset('create theirs hash:ip');
  const there = await machine.complaints();
  await ipset('destroy theirs');
  machine.write('etc/sysconfig/ipset.d/theirs.set', 'create theirs hash:ip family inet6\n');

  assert.equal(missing, [`/etc/sysconfig/ip6tables refers to the set theirs, ${UNKEPT}`]);
  assert.equal([there, await machine.complaints()], [[], []]);
});

test('of a rule a ban need nothing', async () => {
  await using sandbox = await Sandbox.open();
  const machine = await saveBan(sandbox);

  assert.equal(await machine.complaints(), []);
  assert.equal((await makePass(machine.world)).problems, []);
});

test('by nft are told where nft cannot read what it listed, whoever makes the sets', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const machine = await saveBan(sandbox);
  machine.link(`${UNITS}/sysinit.target.wants/${UNIT}`, `/usr/lib/systemd/system/${UNIT}`);
  machine.write('etc/nftables.conf', await outputOf(['nft', 'list', 'ruleset']));

  const complaints = await machine.complaints();

  await iptables(['-F']);
  assert.equal(complaints, [
    '/etc/nftables.conf contains the chain fail2ban-sshd, which nft lists but cannot load: after a reboot none of its rules would be loaded | remove the banspool chains, and the jumps to them, from the file',
  ]);
});

test.run();
