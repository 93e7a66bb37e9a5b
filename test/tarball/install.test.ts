/**
 * The tarball with its install.sh, unpacked and run in a tree: what then stands there, that the program runs, what a
 * second installation changes, and what a removal leaves.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { clearFirewall, iptablesRules, restoreTable } from '../support/firewall.ts';
import { LayeredRoot } from '../support/layered-root.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { outputOf, type Ran } from '../support/run-program.ts';

const test = suite('the tarball');

const PACK = join(import.meta.dirname, '../../../.ci/tarball');
const CONFIG = '/etc/banspool/config.yaml';
const NODE = '/opt/node/bin/node';

let unpacked: readonly string[] | undefined;

test.before(async () => {
  // A user namespace has no accounts to give files to.
  if (isUserNamespace()) return;
  const root = await LayeredRoot.mount();
  // Not in a home, which the script refuses.
  await outputOf(['install', '-D', process.execPath, root.path(NODE)]);
  await outputOf([PACK, root.path('/srv')]);
  const [name = ''] = readdirSync(root.path('/srv')).filter((each) => each.endsWith('.tgz'));
  await root.output('tar', '-C', '/srv', '-xzf', `/srv/${name}`);
  unpacked = await root.freeze();
});

async function openRoot(): Promise<LayeredRoot | undefined> {
  await clearFirewall();
  return unpacked === undefined ? undefined : LayeredRoot.mount(unpacked);
}

async function install(root: LayeredRoot, ...words: readonly string[]): Promise<Ran> {
  return root.run('sh', '/srv/package/install.sh', ...words);
}

/** What it says; it must succeed. */
async function installed(root: LayeredRoot, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await install(root, '--node', NODE, ...words);
  assert.is(code, 0, stderr);
  return stdout + stderr;
}

/** Each with mode, owner, bytes or target; without the times. */
async function listing(root: LayeredRoot): Promise<string> {
  const script = String.raw`find /usr/local /etc /var/lib/banspool /var/spool ! -type d -printf '%p %m %u %g %l ' \
    \( -type f -exec md5sum {} \; -o -printf '\n' \) | sort`;
  return root.output('sh', '-c', script);
}

test('is put in place with accounts and folders, and starts nothing', async () => {
  const root = await openRoot();
  if (root === undefined) return;

  const said = await installed(root);

  assert.match(said, /to start it: systemctl enable --now .*banspool\.service/);
  assert.match(await root.output('/usr/local/bin/banspool', '--version'), /^banspool \d+\.\d+\.\d+/);
  assert.match(await root.output('banspool', 'check'), /^\/etc\/banspool\/config\.yaml: valid$/m);
  assert.match(root.read('/usr/local/lib/banspool/banspool.js'), /^#!\/opt\/node\/bin\/node\n/);
  assert.match(
    root.read('/etc/systemd/system/banspool.service'),
    /^ExecStart=\/usr\/local\/bin\/banspool run$/m,
  );
  assert.not.match(await root.output('grep', '-h', '^Exec', ...UNITS), /\/usr\/s?bin\/banspool/);
  assert.is(await root.ownership('/usr/local/lib/banspool/action.d/banspool-receive'), '0755 root root');
  assert.is(await root.ownership('/etc/systemd/system/banspool.service'), '0644 root root');
  assert.is(await root.ownership('/var/lib/banspool/state'), '0750 banspool banspool');
  assert.match(await root.output('getent', 'passwd', 'fail2ban'), /:\/var\/lib\/banspool-keys:\/bin\/sh$/m);
  assert.is((await root.run('systemctl', 'is-enabled', 'banspool.service')).stdout, 'disabled\n');
});

const UNITS = ['', '-boot', '-reconcile', '-saved-sets', '-fleet', '-notify', '-fetch'].map(
  (name) => `/etc/systemd/system/banspool${name}.service`,
);

test('brings what a fleet needs: a mover that is off and may read the config, and the door of a hub', async () => {
  const root = await openRoot();
  if (root === undefined) return;

  const said = await installed(root);

  assert.not.match(said, /enable --now .*banspool-fleet/);
  assert.is((await root.run('systemctl', 'is-enabled', 'banspool-fleet.service')).stdout, 'disabled\n');
  assert.is(await root.ownership('/var/lib/banspool-fleet'), '0755 root root');
  assert.is(await root.ownership('/var/lib/banspool-fleet/out/ipv4'), '0755 banspool banspool');
  assert.is(await root.ownership('/var/lib/banspool-fleet/in'), '0755 banspool-fleet banspool-fleet');
  assert.is(await root.ownership('/var/lib/banspool-fleet/mover'), '0755 banspool-fleet banspool-fleet');
  assert.is(await root.output('id', '-Gn', 'banspool-fleet'), 'banspool-fleet\n');
  const mover = await root.run('runuser', '-u', 'banspool-fleet', '--', '/usr/local/bin/banspool', 'fleet');
  assert.is(mover.code, EXIT.usage, mover.stderr);
  assert.match(mover.stderr, /config\.yaml has no fleet with engine: git/);
  assert.is(await root.ownership('/usr/local/lib/banspool/action.d/hub/door'), '0755 root root');
});

test('brings what sends messages: off, with a user and a folder that others do not look into', async () => {
  const root = await openRoot();
  if (root === undefined) return;

  const said = await installed(root);

  assert.not.match(said, /enable --now .*banspool-notify/);
  assert.is((await root.run('systemctl', 'is-enabled', 'banspool-notify.service')).stdout, 'disabled\n');
  assert.is(await root.ownership('/var/lib/banspool-notify/private'), '0700 banspool-notify banspool-notify');
  assert.is(await root.output('id', '-Gn', 'banspool-notify'), 'banspool-notify\n');
  const words = ['runuser', '-u', 'banspool-notify', '--', '/usr/local/bin/banspool', 'notify'];
  const messenger = await root.run(...words);
  assert.is(messenger.code, EXIT.usage, messenger.stderr);
  assert.match(messenger.stderr, /config\.yaml has no notify/);
});

test('brings what fetches lists: off, with a user and a folder that the controller reads', async () => {
  const root = await openRoot();
  if (root === undefined) return;

  const said = await installed(root);

  assert.not.match(said, /enable --now .*banspool-fetch/);
  assert.is((await root.run('systemctl', 'is-enabled', 'banspool-fetch.timer')).stdout, 'disabled\n');
  assert.is(await root.ownership('/var/lib/banspool-fetch'), '0755 banspool-fetch banspool-fetch');
  assert.is(await root.output('id', '-Gn', 'banspool-fetch'), 'banspool-fetch\n');
  const words = ['runuser', '-u', 'banspool-fetch', '--', '/usr/local/bin/banspool', 'fetch'];
  const fetcher = await root.run(...words);
  assert.is(fetcher.code, EXIT.done, fetcher.stderr);
  assert.match(fetcher.stderr, /nothing to fetch: the controller writes \/run\/banspool\/fetch\.json/);
});

test('is put in place a second time without a change, and keeps what was edited', async () => {
  const root = await openRoot();
  if (root === undefined) return;
  await installed(root);
  root.write(CONFIG, 'verdict: REJECT\n');
  const before = await listing(root);

  await installed(root);

  assert.is(await listing(root), before);
  assert.ok(before.split('\n').length > 50);
});

test('takes away what an older one had and it has not', async () => {
  const root = await openRoot();
  if (root === undefined) return;
  await installed(root);
  const old = '/usr/local/lib/banspool/old.js';
  root.write(old, '');
  await root.output('sh', '-c', `echo ${old} >>/usr/local/lib/banspool/installed`);

  await installed(root);

  assert.not.ok(root.has(old));
});

test('says which programs are missing, and how to get them', async () => {
  const root = await openRoot();
  if (root === undefined) return;
  await root.output('sh', '-c', 'rm -f /usr/sbin/ipset /usr/bin/git /sbin/ipset /usr/bin/rrsync');

  const said = await installed(root);

  assert.match(said, /^banspool: missing: ipset git rrsync/m);
  assert.match(said, /^banspool: fix: apt-get install ipset git rsync/m);
});

test('is refused on a Node that is too old, in a home or missing, and nothing is put in place', async () => {
  const root = await openRoot();
  if (root === undefined) return;
  root.write('/opt/old', '#!/bin/sh\necho v18.20.4\n');
  await root.output('chmod', '755', '/opt/old');
  await root.output('install', '-D', NODE, '/home/somebody/node');

  const ran = [
    await install(root, '--node', '/opt/old'),
    await install(root, '--node', '/home/somebody/node'),
    await install(root, '--node', '/opt/none'),
  ];

  assert.equal(
    ran.map(({ code }) => code),
    [1, 1, 1],
  );
  assert.match(ran[0]?.stderr ?? '', /is Node 18\.20\.4, and 20\.19 or newer is needed\n.*fix: /);
  assert.match(ran[1]?.stderr ?? '', /is in a home directory, which the service cannot read\n.*fix: /);
  assert.match(ran[2]?.stderr ?? '', /does not run/);
  assert.not.ok(root.has('/usr/local/lib/banspool'));
});

/** With rules of others. */
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

test('is removed with its rules by the copy that it leaves, and state and config stay', async () => {
  const root = await openRoot();
  if (root === undefined) return;
  const before = await root.output(
    'find',
    '/usr/local',
    '/etc/systemd',

    '!',
    '-type',
    'd',
  );
  await installed(root, '--prefix', '/opt/banspool');
  root.write(CONFIG, 'chainPrefix: ours-\n');
  root.write('/var/lib/banspool/state/policy.yaml', 'allow: []\n');
  await root.output('systemctl', 'enable', 'banspool.service');
  await restoreTable(RULES);

  const said = await root.output('sh', '/opt/banspool/lib/banspool/install.sh', '--uninstall');

  const left = (await iptablesRules()).join('\n');
  await clearFirewall();
  assert.match(said, /removed; state, keys and config stay/);
  assert.match(left, /-A INPUT -j f2b-sshd/);
  assert.not.match(left, /ours-/);
  assert.is(await root.output('find', '/opt/banspool', '!', '-type', 'd'), '');
  assert.is(await root.output('find', '/usr/local', '/etc/systemd', '!', '-type', 'd'), before);
  assert.is(root.read(CONFIG), 'chainPrefix: ours-\n');
  assert.is(root.read('/var/lib/banspool/state/policy.yaml'), 'allow: []\n');
});

test('is purged with state, keys and config', async () => {
  const root = await openRoot();
  if (root === undefined) return;
  await installed(root);

  await installed(root, '--uninstall', '--purge');

  const folders = [
    'lib/banspool',
    'spool/banspool',
    'lib/banspool-keys',
    'lib/banspool-fleet',
    'lib/banspool-notify',
    'lib/banspool-fetch',
  ];
  for (const path of ['/etc/banspool', ...folders.map((folder) => `/var/${folder}`)])
    assert.not.ok(root.has(path), path);
});

test('has the sender for a server, which leaves a harmless action where a jail names it', async () => {
  const root = await openRoot();
  if (root === undefined) return;
  const action = '/etc/fail2ban/action.d/iptables-remote.conf';
  root.write('/etc/fail2ban/jail.d/banspool.local', '[DEFAULT]\nbanaction = iptables-remote\n');

  const said = await installed(root, '--send');

  assert.match(said, /next: banspool-send setup FIREWALL/);
  assert.match(await root.output('/usr/local/sbin/banspool-send', '--help'), /^Usage: banspool-send COMMAND/);
  assert.match(root.read(action), /^actionban = \S/m);
  assert.is(await root.ownership('/var/spool/banspool-send'), '0700 root root');
  assert.not.ok(root.has('/usr/local/bin/banspool'));
  assert.match(
    root.read('/etc/systemd/system/banspool-send.service'),
    /^ExecStart=\/usr\/local\/sbin\/banspool-send/m,
  );

  await installed(root, '--uninstall', '--send');

  assert.match(root.read(action), /^actionban =$/m);
  assert.not.ok(root.has('/usr/local/sbin/banspool-send'));
});

test('is put below a folder for another system without an account, a unit or a rule being touched', async () => {
  const root = await openRoot();
  if (root === undefined) return;

  const said = await installed(root, '--root', '/srv/other', '--prefix', '/usr');

  assert.match(said, /no account was created/);
  assert.ok(root.has('/srv/other/usr/lib/banspool/banspool.js'));
  assert.ok(root.has('/srv/other/etc/banspool/config.yaml'));
  assert.not.ok(root.has('/etc/banspool'));
  assert.not.ok(root.has('/etc/systemd/system/banspool.service'));
});

test.run();
