/** The role of docs/ansible, run by Debian's ansible from this network namespace, on machines of two Debians. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT } from '../docs/pages.ts';
import { eventually } from '../support/eventually.ts';
import { outputOf, runProgram, type Ran } from '../support/run-program.ts';
import { failToLogIn, reaches } from './attack.ts';
import { commandsOf } from './commands-of.ts';
import type { Machine } from './machine.ts';
import { assertConverged, dropOf, Machines } from './machines.ts';
import { ADDRESSES, type ServerName } from './network.ts';

const test = suite('by Ansible');

const SERVERS: readonly ServerName[] = ['web1', 'web2'];
const POLICY = '/var/lib/banspool/state/policy.yaml';

/** The first run installs with apt on all of them. */
const PLAYBOOK_MS = 300_000;

let machines: Machines;
let home: string;

const firewall = (): Machine => machines.get('firewall');

test.before(async () => {
  // Debian 12 has no auth.log.
  machines = await Machines.boot('trixie', ['firewall', ...SERVERS], { web2: 'bookworm' });
  home = mkdtempSync(join(tmpdir(), 'ansible-'));
  await outputOf(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(home, 'key')]);
  const key = readFileSync(join(home, 'key.pub'), 'utf8');
  await Promise.all((['firewall', ...SERVERS] as const).map((name) => prepare(machines.get(name), key)));
  // Its processes talk to each other there, and the machine's can only be read.
  await outputOf(['mount', '-t', 'tmpfs', 'tmpfs', '/dev/shm']);
});

/** What Ansible wants of a machine that it is to reach. */
async function prepare(machine: Machine, key: string): Promise<void> {
  const script = 'mkdir -p /root/.ssh; echo "$1" >/root/.ssh/authorized_keys; apt install python3-apt';
  await machine.output('bash', '-ec', script, 'bash', key);
}

test.after(async () => {
  await machines.cutPower();
});

/** As somebody types it in a clone, from the bystander's address, which no attack comes from. */
async function type(command: string): Promise<Ran> {
  return runProgram(['bash', '-ec', command], {
    env: {
      HOME: home,
      ANSIBLE_REMOTE_USER: 'root',
      ANSIBLE_PRIVATE_KEY_FILE: join(home, 'key'),
      ANSIBLE_HOST_KEY_CHECKING: 'False',
      ANSIBLE_NOCOLOR: '1',
      ANSIBLE_SSH_COMMON_ARGS: `-F none -o UserKnownHostsFile=/dev/null -o BindAddress=${ADDRESSES.bystander}`,
    },
    timeLimitMs: PLAYBOOK_MS,
  });
}

/** The playbook with these arguments, and what it tells of each host in the end: `web1 changed=0 failed=0`. */
async function play(
  args = '',
  commands = commandsOf('run the playbook'),
): Promise<{ readonly said: string; readonly recap: readonly string[] }> {
  const { stdout, stderr } = await type(`${commands} ${args}`);
  const lines = stdout.matchAll(/^(\S+) +: ok=\d+ +(changed=\d+) +unreachable=0 +(failed=\d+) /gm);
  const recap = Array.from(lines, ([, host, ...counts]) => [host, ...counts].join(' ')).sort();
  return { said: stdout + stderr, recap };
}

test('installs a firewall and two servers by the commands of the page', async () => {
  assert.is((await type(`cd ${ROOT}; ${commandsOf('prepare the playbook')}`)).code, 0);
  const inventory = readFileSync(join(home, 'ansible/inventory.yml'), 'utf8');
  assert.is(inventory, `${commandsOf('the inventory')}\n`);
  // No machine reaches a mirror.
  mkdirSync(join(home, 'ansible/group_vars'));
  writeFileSync(join(home, 'ansible/group_vars/all.yml'), 'banspool_apt_update: false\n');

  const { said, recap } = await play();

  assert.equal(
    recap.map((line) => line.replace(/changed=\d+/, 'changed')),
    ['fw changed failed=0', 'web1 changed failed=0', 'web2 changed failed=0'],
    said,
  );
  await assertConverged(firewall());
  assert.match(
    await firewall().output('cat', POLICY),
    /^allow:\n- net: 192\.0\.2\.0\/24\n {2}note: servers\n/,
  );
  const exempt = await firewall().output('sshd -T | grep -i persourcepenaltyexemptlist');
  assert.match(exempt, /192\.0\.2\.0\/24/);
  const allowed = await firewall().output('banspool', 'server', 'list');
  assert.match(allowed, /^web1 +rsync +anywhere .*\nweb2 +rsync +192\.0\.2\.0\/24 /m);
  assert.not.match((await firewall().run('banspool', 'doctor')).stdout, /^(bad|warn)/m);
});

test('a second run changes nothing', async () => {
  const { said, recap } = await play();

  assert.equal(
    recap,
    ['fw', 'web1', 'web2'].map((host) => `${host} changed=0 failed=0`),
    said,
  );
});

test('the firewall drops for both what fail2ban of either finds', async () => {
  await machines.get('web2').output(`
    printf '[sshd]\\nmaxretry = 2\\n' >/etc/fail2ban/jail.d/strict.local
    fail2ban-client reload sshd`);

  await failToLogIn('web2', 3);

  await eventually(async () => {
    for (const name of SERVERS) assert.not(await reaches('attacker', name), `the attacker reaches ${name}`);
  }, 60_000);
  for (const name of SERVERS) assert.ok(await reaches('bystander', name));
  assert.match(await firewall().output('iptables', '-S', 'fail2ban-sshd'), dropOf(ADDRESSES.attacker));
});

test('a policy that drops Ansible is shown by --check, and refused', async () => {
  const before = await firewall().output('cat', POLICY);
  const denied = `--limit fw -e '{"banspool_policy": {"deny": [{"net": "${ADDRESSES.bystander}"}]}}'`;

  const checked = await play(`${denied} --check --diff`);
  const refused = await play(denied);

  assert.equal(checked.recap, ['fw changed=1 failed=0'], checked.said);
  assert.match(checked.said, `+- net: ${ADDRESSES.bystander}`);
  assert.match(refused.said, `this policy drops ${ADDRESSES.bystander}, from which you are logged in`);
  assert.match(refused.recap.join(), 'failed=1');
  assert.is(await firewall().output('cat', POLICY), before);
});

test('wrong variables fail, and say what to do', async () => {
  const [firewalls, packages, states] = await Promise.all([
    play('-e banspool_firewall=nowhere'),
    play('-e banspool_deb=/nowhere'),
    play('-e banspool_state=gone'),
  ]);

  assert.match(
    firewalls.said,
    'banspool_firewall is \\"nowhere\\", which is not a host of the inventory; fix:',
  );
  assert.match(
    packages.said,
    'banspool_deb is \\"/nowhere\\", and the control machine has no such file; fix:',
  );
  assert.match(states.said, 'banspool_state is \\"gone\\"; fix: set it to present or absent');
});

test('a server that is to be absent is removed, from the firewall too', async () => {
  const { said, recap } = await play('', commandsOf('remove a server'));

  assert.match(recap.join(), /^web2 changed=\d failed=0$/, said);
  assert.not.match(await firewall().output('banspool', 'server', 'list'), 'web2');
  assert.is(await machines.get('web2').property('fail2ban.service', 'ActiveState'), 'active');
  assert.is((await machines.get('web2').run('test', '-e', '/usr/sbin/banspool-send')).code, 1);
});

test.run();
