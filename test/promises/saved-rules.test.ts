/**
 * Rules that somebody saved while ours stood there, and loads at the next boot: promise 2 and 5 where the boot is not
 * ours. A file with a rule that looks into a set which is not there is not loaded at all, policies included.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Family } from '../../src/domain/net.ts';
import type { Variant } from '../../src/domain/variant.ts';
import { clearFirewall, ipset, iptablesRules, restoreTable, setMembers } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { countPlanned, makePass, worldOf } from '../support/pass.ts';
import { outputOf, runProgram, type Ran } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('rules that were saved with ours among them');

const SCRIPT = join(import.meta.dirname, '../../../action.d/banspool-saved-sets');

/** Where distributions keep them. */
const FILES = [
  { family: 'ipv4', path: 'etc/iptables/rules.v4' },
  { family: 'ipv6', path: 'etc/iptables/rules.v6' },
  { family: 'ipv4', path: 'etc/sysconfig/iptables' },
  { family: 'ipv6', path: 'etc/sysconfig/ip6tables' },
] as const;

const BASE =
  '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n';

const programOf = (family: Family, variant: Variant): string =>
  `${family === 'ipv4' ? 'iptables' : 'ip6tables'}-${variant}`;

function write(sandbox: Sandbox, path: string, text: string): string {
  const whole = join(sandbox.folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  return whole;
}

async function makeSavedSets(sandbox: Sandbox, shell = 'sh', ...words: readonly string[]): Promise<Ran> {
  return runProgram([...shell.split(' '), SCRIPT, ...words], {
    env: { BANSPOOL_ROOT: sandbox.folder, BANSPOOL_CONFIG: sandbox.configPath },
  });
}

/** Bans and denies as sets in both families, among rules of somebody else. */
async function enforce(variant: Variant, config: Readonly<Record<string, string>> = {}): Promise<Sandbox> {
  const sandbox = await Sandbox.open({ config: { backend: 'ipset', iptables: variant, ...config } });
  for (const family of ['ipv4', 'ipv6'] as const) await restoreTable(BASE, { family, variant });
  sandbox.writePolicy('deny:\n  - { net: 198.51.100.0/24 }\n  - { net: "2001:db8:bad::/48" }\n');
  for (const ip of ['203.0.113.7', '"2001:db8::7"']) sandbox.drop('web1', banText(ip));
  assert.equal((await makePass(worldOf(sandbox))).problems, []);
  return sandbox;
}

async function saveRules(sandbox: Sandbox, variant: Variant): Promise<void> {
  for (const { family, path } of FILES)
    write(sandbox, path, await outputOf([`${programOf(family, variant)}-save`]));
}

const loadRules = (sandbox: Sandbox, path: string, command: string): Promise<Ran> =>
  runProgram(['sh', '-c', 'exec "$1-restore" <"$2"', 'sh', command, join(sandbox.folder, path)]);

for (const variant of ['nft', 'legacy'] as const) {
  test(`load at a boot, since the sets that they look into are made ahead, and the first pass fills these (${variant})`, async () => {
    await using sandbox = await enforce(variant);
    await saveRules(sandbox, variant);
    const before = await rulesOfBoth(variant);
    await clearFirewall();
    const early = await loadRules(sandbox, 'etc/iptables/rules.v4', programOf('ipv4', variant));

    const made = await makeSavedSets(sandbox);
    for (const { family, path } of FILES)
      assert.is((await loadRules(sandbox, path, programOf(family, variant))).code, 0, path);
    const loaded = await rulesOfBoth(variant);
    const pass = await makePass(worldOf(sandbox));

    assert.match(early.stderr, "Set fail2ban-.deny doesn't exist");
    assert.equal([made.code, made.stderr], [0, '']);
    assert.equal(loaded, before);
    assert.equal(pass.problems, []);
    assert.equal(await rulesOfBoth(variant), before);
    // As the controller makes them: filled, and not made anew.
    const kinds = pass.changes.flatMap(({ changes }) => changes.map(({ kind }) => kind));
    assert.equal(kinds, ['change-set', 'change-set', 'change-set', 'change-set']);
    assert.equal(await setMembers('fail2ban-sshd'), ['203.0.113.7']);
    assert.equal(await setMembers('fail2ban-.deny:6'), ['2001:db8:bad::/48']);
    assert.is(await countPlanned(worldOf(sandbox)), 0);
  });
}

async function rulesOfBoth(variant: Variant): Promise<readonly string[]> {
  const rules: string[] = [];
  for (const family of ['ipv4', 'ipv6'] as const)
    rules.push(...(await iptablesRules({ family, variant })).toSorted());
  return rules;
}

test('that load by way of a set whose jail is no more are set right by the first pass', async () => {
  await using sandbox = await enforce('nft');
  await saveRules(sandbox, 'nft');
  sandbox.configure({ backend: 'rules' });
  await makePass(worldOf(sandbox));
  const rules = await rulesOfBoth('nft');
  await clearFirewall();

  await makeSavedSets(sandbox);
  await loadRules(sandbox, 'etc/iptables/rules.v4', 'iptables-nft');
  await loadRules(sandbox, 'etc/iptables/rules.v6', 'ip6tables-nft');
  const pass = await makePass(worldOf(sandbox));

  assert.equal(pass.problems, []);
  assert.equal(await rulesOfBoth('nft'), rules);
  assert.is(await outputOf(['ipset', 'list', '-name']), '');
});

for (const shell of ['dash', 'bash', 'busybox sh']) {
  test(`get sets of ours, and of nobody else, and each once (${shell})`, async () => {
    await using sandbox = await Sandbox.open({ config: { chainPrefix: 'ours-' } });
    write(
      sandbox,
      'etc/iptables/rules.v4',
      [
        '*raw',
        '-A PREROUTING -m set ! --match-set ours-one src -j SET --add-set ours-two src',
        'COMMIT',
        '*filter',
        '# -A INPUT -m set --match-set ours-commented src -j DROP',
        '[1:2] -A INPUT -m set --match-set fail2ban-sshd src -j DROP',
        '-A INPUT -m set --match-set blocklist src -m set --match-set "ours-three" src -j DROP\r',
        '-A INPUT -m set --match-set ours-$(id) src -j DROP',
        'COMMIT',
        '',
      ].join('\n'),
    );
    const own = write(sandbox, 'my.rules', '-A INPUT -m set --match-set ours-four:6 src -j DROP\n');
    await ipset('create ours-one hash:ip', 'add ours-one 192.0.2.1');

    const first = await makeSavedSets(sandbox, shell, 'start', own);
    const second = await makeSavedSets(sandbox, shell, own);
    const saving = await makeSavedSets(sandbox, shell, 'save');

    for (const ran of [first, second, saving]) assert.equal([ran.code, ran.stderr], [0, '']);
    const names = (await outputOf(['ipset', 'list', '-name'])).trimEnd().split('\n');
    assert.equal(names.sort(), ['ours-four:6', 'ours-one', 'ours-three', 'ours-two']);
    assert.equal(await setMembers('ours-one'), ['192.0.2.1']);
  });
}

test('beside saved sets get these as they were saved, which ipset takes as the same', async () => {
  await using sandbox = await enforce('nft');
  await ipset(
    'create fail2ban-sshd:t hash:net family inet hashsize 4096 maxelem 131072 timeout 0',
    'swap fail2ban-sshd:t fail2ban-sshd',
    'destroy fail2ban-sshd:t',
    'create theirs hash:ip',
  );
  await saveRules(sandbox, 'nft');
  const sets = write(sandbox, 'etc/iptables/ipsets', await outputOf(['ipset', 'save']));
  await clearFirewall();

  const made = await makeSavedSets(sandbox);
  // As the plugin of ipset-persistent does.
  const restored = await runProgram(['sh', '-c', 'exec ipset restore -exist <"$1"', 'sh', sets]);

  assert.equal([made.code, restored.code, restored.stderr], [0, 0, '']);
  assert.equal(await setMembers('theirs'), []);
});

test('where the config says the prefix in a way that a shell cannot read, get those that stand in a chain of their name', async () => {
  await using sandbox = await enforce('nft', { chainPrefix: '&name ours-' });
  await saveRules(sandbox, 'nft');
  await clearFirewall();

  await makeSavedSets(sandbox);

  assert.is((await loadRules(sandbox, 'etc/iptables/rules.v4', 'iptables-nft')).code, 0);
  assert.is((await loadRules(sandbox, 'etc/iptables/rules.v6', 'ip6tables-nft')).code, 0);
});

test('that name none of ours need no ipset', async () => {
  await using sandbox = await Sandbox.open();
  write(sandbox, 'etc/iptables/rules.v4', BASE);

  assert.equal(await makeSavedSets(sandbox), { code: 0, stdout: '', stderr: '' });
  assert.is(await outputOf(['ipset', 'list', '-name']), '');
});

test.run();
