/**
 * The rpm packages, built and put into a tree with their scriptlets: what then stands there, that the program runs, and
 * what a removal leaves. Debian's rpm does it, without a thought for what the packages depend on.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clearFirewall, iptablesRules, restoreTable } from '../support/firewall.ts';
import { LayeredRoot } from '../support/layered-root.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { outputOf, runProgram } from '../support/run-program.ts';

const test = suite('an rpm');

const BUILD = join(import.meta.dirname, '../../../.ci/rpm/build');
const ARCHITECTURE = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const CONFIG = '/etc/banspool/config.yaml';

const packages = mkdtempSync(join(tmpdir(), 'rpm-'));

/** Where the firewall's package is installed, and what was said then; none where its Node was left out. */
let installed:
  { readonly file: string; readonly layers: readonly string[]; readonly said: string } | undefined;

test.before(async () => {
  const { code, stderr } = await runProgram([BUILD, '--into', packages, 'noarch', ARCHITECTURE]);
  assert.is(code, 0, stderr);
  const root = await mountRoot();
  if (/^left out: banspool-/m.test(stderr) || root === undefined) return;
  const file = await packageFile('banspool', ARCHITECTURE);
  const said = await rpm(root, '-i', file);
  installed = { file, said, layers: await root.freeze() };
});

async function packageFile(name: string, architecture: string, folder = packages): Promise<string> {
  return (await outputOf(['find', folder, '-name', `${name}-[0-9]*.${architecture}.rpm`])).trim();
}

/** A user namespace has no accounts to give files to. */
async function mountRoot(layers?: readonly string[]): Promise<LayeredRoot | undefined> {
  if (isUserNamespace()) return undefined;
  await clearFirewall();
  const root = await LayeredRoot.mount(layers);
  // As Fedora and RHEL have it; Debian enables what it installs.
  root.write('/etc/systemd/system-preset/00-test.preset', 'disable *\n');
  return root;
}

/** What it says. */
async function rpm({ folder }: LayeredRoot, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram([
    ...['rpm', '--root', folder, '--nodeps', '--force-debian', ...words],
  ]);
  assert.is(code, 0, stderr);
  return stdout + stderr;
}

/** MODE OWNER GROUP PATH, as the package has it. */
async function contents(file: string): Promise<readonly string[]> {
  const format = '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILENAMES}\n]';
  return (await outputOf(['rpm', '-qp', '--queryformat', format, file])).trimEnd().split('\n');
}

test('holds nothing that others than root can write, and nothing that only Debian has', async () => {
  const files = [installed?.file, await packageFile('banspool-send', 'noarch')];
  for (const file of files.filter((each) => each !== undefined)) {
    const lines = await contents(file);

    assert.ok(lines.length > 10);
    for (const line of lines)
      assert.match(line, /^(?:[d-]rwx?-?r-x?-?r-x?-?|[d-]rw[x-]r-[x-]r-[x-]|l.*) root root \//);
    assert.not.match(
      lines.join('\n'),
      /lintian|netfilter-persistent|vendor-completions\/_|doc\/banspool\/copyright/,
    );
  }
});

test('has the same bytes when it is built again, by another who lets nobody read', async () => {
  const again = mkdtempSync(join(tmpdir(), 'rpm-again-'));

  await outputOf(['sh', '-ec', 'umask 077; exec "$0" --into "$1" noarch', BUILD, again]);

  await outputOf([
    'cmp',
    await packageFile('banspool-send', 'noarch'),
    await packageFile('banspool-send', 'noarch', again),
  ]);
});

test('of the firewall names what the system must have', async () => {
  if (installed === undefined) return;

  const wanted = (await outputOf(['rpm', '-qp', '--requires', installed.file])).split('\n');

  for (const each of ['iptables-nft', 'ipset', 'nftables', 'git-core', 'rsync', 'openssh-server', 'python3'])
    assert.ok(wanted.includes(each), each);
  // The Node that comes with it runs where these are.
  assert.ok(wanted.includes('libc.so.6(GLIBC_2.28)(64bit)'));
  assert.not.ok(wanted.some((each) => each.startsWith('nodejs')));
});

test('of the firewall brings a program that runs, accounts and folders, and starts nothing', async () => {
  const root = await mountRoot(installed?.layers);
  if (installed === undefined || root === undefined) return;

  assert.match(installed.said, /^(?:Creating (?:group|user) .*\n)*$/);
  // Modes, owners, links and bytes of all files are the package's.
  assert.is(await rpm(root, '-V', 'banspool'), '');
  assert.match(await root.output('banspool', '--version'), /^banspool \d+\.\d+\.\d+/);
  assert.match(await root.output('banspool', 'check'), /^\/etc\/banspool\/config\.yaml: valid$/m);
  assert.is(
    (await root.output('readlink', '-e', '/usr/bin/banspool')).trim(),
    '/usr/lib/banspool/banspool.js',
  );
  assert.match(root.read('/usr/lib/banspool/banspool.js'), /^#!\/usr\/lib\/banspool\/node\n/);
  assert.match(await root.output('/usr/lib/banspool/node', '--version'), /^v24\./);
  assert.is(await root.ownership('/var/lib/banspool/state'), '0750 banspool banspool');
  assert.is(await root.ownership('/var/spool/banspool'), '0755 root root');
  assert.is(await root.ownership('/var/lib/banspool-fleet/mover'), '0755 banspool-fleet banspool-fleet');
  const messenger = '0700 banspool-notify banspool-notify';
  assert.is(await root.ownership('/var/lib/banspool-notify/private'), messenger);
  assert.is(await root.ownership('/var/lib/banspool-fetch'), '0755 banspool-fetch banspool-fetch');
  assert.match(await root.output('getent', 'passwd', 'fail2ban'), /:\/var\/lib\/banspool-keys:\/bin\/sh$/m);
  for (const unit of ENABLED)
    assert.is((await root.run('systemctl', 'is-enabled', unit)).stdout, 'disabled\n', unit);
});

/** Those that an administrator may enable. */
const ENABLED = [
  'banspool.service',
  'banspool-fleet.service',
  'banspool-notify.service',
  'banspool-fetch.timer',
];

test('of the firewall keeps over an upgrade what was edited and enabled, and every rule', async () => {
  const root = await mountRoot(installed?.layers);
  if (installed === undefined || root === undefined) return;
  root.write(CONFIG, 'verdict: REJECT\n');
  await root.output('systemctl', 'enable', 'banspool.service');
  await restoreTable(RULES);
  const before = await iptablesRules();

  const said = await rpm(root, '-U', '--replacepkgs', installed.file);

  assert.is(said, '');
  assert.is(root.read(CONFIG), 'verdict: REJECT\n');
  assert.is((await root.run('systemctl', 'is-enabled', 'banspool.service')).stdout, 'enabled\n');
  assert.equal(await iptablesRules(), before);
});

/** Of another prefix than the usual one, which the config tells; with rules of others. */
const RULES = [
  '*filter',
  ':INPUT ACCEPT [0:0]',
  ':FORWARD ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':ours-sshd - [0:0]',
  ':f2b-sshd - [0:0]',
  '-A INPUT -j ours-sshd',
  '-A INPUT -j f2b-sshd',
  '-A ours-sshd -s 198.51.100.7/32 -j DROP',
  'COMMIT',
  '',
].join('\n');

test('of the firewall takes its rules with it, also saved ones, and leaves state and edited config', async () => {
  const root = await mountRoot(installed?.layers);
  if (installed === undefined || root === undefined) return;
  const paths = (await contents(installed.file)).map((line) => line.split(' ')[3] ?? '');
  root.write(CONFIG, 'chainPrefix: ours-\n');
  root.write('/etc/sysconfig/iptables', RULES);
  root.write('/var/lib/banspool/state/policy.yaml', 'allow: []\n');
  await root.output('systemctl', 'enable', ...ENABLED);
  await restoreTable(RULES);

  const said = await rpm(root, '-e', 'banspool');

  const left = (await iptablesRules()).join('\n');
  await clearFirewall();
  assert.match(left, /-A INPUT -j f2b-sshd/);
  assert.not.match(left, /ours-/);
  assert.not.match(root.read('/etc/sysconfig/iptables'), /ours-/);
  assert.match(said, /removed banspool's rules from \/etc\/sysconfig\/iptables/);
  assert.equal(
    paths.filter((path) => root.has(path)),
    ['/etc/banspool'],
  );
  assert.is(root.read(`${CONFIG}.rpmsave`), 'chainPrefix: ours-\n');
  assert.is(root.read('/var/lib/banspool/state/policy.yaml'), 'allow: []\n');
  for (const unit of ENABLED) {
    const target = unit.endsWith('.timer') ? 'timers' : 'multi-user';
    assert.not.ok(root.has(`/etc/systemd/system/${target}.target.wants/${unit}`), unit);
  }
});

test('of a server puts the actions in place, and leaves a harmless one where a jail names it', async () => {
  const root = await mountRoot();
  if (root === undefined) return;
  const action = '/etc/fail2ban/action.d/iptables-remote.conf';
  root.write('/etc/fail2ban/jail.d/banspool.local', '[DEFAULT]\nbanaction = iptables-remote\n');

  await rpm(root, '-i', await packageFile('banspool-send', 'noarch'));

  assert.is(await rpm(root, '-V', 'banspool-send'), '');
  assert.match(await root.output('banspool-send', '--help'), /^Usage: banspool-send COMMAND/);
  assert.match(root.read(action), /^actionban = \S/m);
  assert.is(await root.ownership('/var/spool/banspool-send'), '0700 root root');
  assert.is((await root.run('systemctl', 'is-enabled', 'banspool-send.timer')).stdout, 'disabled\n');

  root.write('/etc/banspool/send.conf', 'firewall = 192.0.2.1\n');
  const said = await rpm(root, '-e', 'banspool-send');

  assert.match(said, /the action iptables-remote now does nothing/);
  assert.match(root.read(action), /^actionban =$/m);
  assert.not.ok(root.has('/etc/fail2ban/action.d/iptables-remote-allports.conf'));
  assert.ok(root.has('/etc/banspool/send.conf'));
  assert.not.ok(root.has('/usr/sbin/banspool-send'));
});

test.run();
