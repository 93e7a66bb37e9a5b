/** What doctor says of the mover of a fleet and of the way to the hub, and that its mends mend. */
import { chmodSync, chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { moverFindings } from '../../src/doctor/diagnose-mover.ts';
import { netOf } from '../../src/domain/net.ts';
import { encodeContact } from '../../src/fleet/contact.ts';
import type { World } from '../../src/world/world.ts';
import { NOBODY } from '../support/as-nobody.ts';
import { worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('doctor on the mover');

const MINUTE = 60_000;
const ALLOWED = [{ net: netOf('192.0.2.0/24') }];

/** A firewall with a mover that reached its hub a moment ago, on a machine that systemd runs. */
class Mover {
  readonly sandbox: Sandbox;
  readonly folder: string;
  remote = 'ssh://banspool-hub@192.0.2.9:2222/srv/fleet.git';
  engine = 'git';
  isEnabled = true;

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.folder = join(sandbox.folder, 'fleet');
  }

  static async on(sandbox: Sandbox): Promise<Mover> {
    const mover = new Mover(sandbox);
    mkdirSync(join(mover.folder, 'mover'), { recursive: true });
    await outputOf(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', mover.key]);
    writeFileSync(join(mover.folder, 'mover/known_hosts'), '');
    mover.reach(undefined);
    return mover;
  }

  get key(): string {
    return join(this.folder, 'mover/ssh_key');
  }

  reach(failure: string | undefined, at = Date.now()): void {
    writeFileSync(join(this.folder, 'mover/contact.json'), encodeContact({ at, failure }));
  }

  /** What is not good, with its mend. */
  async complaints(allowed: Parameters<typeof moverFindings>[1]['allowed'] = ALLOWED) {
    const findings = await this.findings(allowed);
    return findings
      .filter(({ level }) => level !== 'good')
      .map(({ level, what, mend }) => `${level} ${what} | ${mend ?? ''}`);
  }

  async findings(allowed: Parameters<typeof moverFindings>[1]['allowed'] = ALLOWED) {
    const { folder, remote, engine } = this;
    this.sandbox.configure({ fleet: JSON.stringify({ name: 'fw1', engine, folder, remote }) });
    const world = worldOf(this.sandbox);
    const files: World['files'] = {
      ...world.files,
      stamp: (path) => (path === '/run/systemd/system' ? 'there' : world.files.stamp(path)),
    };
    const run: World['run'] = async (file, words, options) =>
      file === 'systemctl'
        ? { pid: 0, exitCode: this.isEnabled ? 0 : 1, stdout: '', stderr: '' }
        : world.run(file, words, options);
    const { fleet } = world.config;
    if (fleet === undefined) throw new Error('the config has no fleet');
    return moverFindings({ ...world, files, run }, { fleet, allowed });
  }
}

test('is content with one that is enabled, reached the hub, and whose hub no ban can drop', async () => {
  await using sandbox = await Sandbox.open();
  const mover = await Mover.on(sandbox);

  assert.equal(
    (await mover.findings()).map(({ level, what }) => `${level} ${what.replace(/ago$|now$/, '…')}`),
    [
      'good banspool-fleet.service is enabled',
      'good the hub was reached …',
      `good ${mover.key}: the ssh key of the mover`,
      'good no ban can drop the hub, 192.0.2.9',
    ],
  );
});

test('has against it that it is not enabled, and that it says nothing', async () => {
  await using sandbox = await Sandbox.open();
  const mover = await Mover.on(sandbox);
  const file = `${mover.folder}/mover/contact.json`;
  const disabled =
    'warn banspool-fleet.service is not enabled: the mover does not start with the machine | systemctl enable --now banspool-fleet';

  mover.reach(undefined, Date.now() - 6 * MINUTE);
  const late = await mover.complaints();
  mover.isEnabled = false;
  rmSync(join(mover.folder, 'mover/contact.json'));
  const never = await mover.complaints();
  mover.reach(undefined);

  assert.equal(late, [
    `bad the mover has written nothing into ${file} for 5 min | systemctl restart banspool-fleet; if it fails, journalctl -u banspool-fleet shows the reason`,
  ]);
  assert.equal(never, [
    disabled,
    `bad the mover has not started yet, or cannot write ${file} | systemctl enable --now banspool-fleet`,
  ]);
  assert.equal(await mover.complaints(), [disabled]);
});

test('says what to do where the hub refuses the key, has another host key, or is not found', async () => {
  await using sandbox = await Sandbox.open();
  const mover = await Mover.on(sandbox);
  const { folder, key } = mover;
  const mendFor = async (failure: string): Promise<string> => {
    mover.reach(failure);
    const [complaint = ''] = await mover.complaints();
    assert.match(complaint, `bad the hub is not reached: ${failure} | `);
    return complaint.split(' | ')[1] ?? '';
  };

  assert.equal(
    [
      await mendFor('banspool-hub@192.0.2.9: Permission denied (publickey).'),
      await mendFor('git ls-remote: kex_exchange_identification: read: Connection reset by peer'),
      await mendFor('Host key verification failed.'),
      await mendFor('ssh: Could not resolve hostname hub: Name or service not known'),
      await mendFor('Connection refused'),
    ],
    [
      `copy ${key}.pub to the hub, and run there: banspool hub add fw1 --key FILE`,
      'check that banspool hub list on the hub has fw1: sshd drops connections for a while after it refused a key',
      `if the hub has a new host key, run runuser -u banspool-fleet -- ssh-keygen -R '[192.0.2.9]:2222' -f ${folder}/mover/known_hosts`,
      'correct remote in the config, or the name server of this machine',
      'check that the hub runs, and that this machine reaches it',
    ],
  );
});

test('has against the ssh key that it is gone, another’s, or open', async () => {
  await using sandbox = await Sandbox.open();
  const mover = await Mover.on(sandbox);
  const { key } = mover;

  chmodSync(key, 0o644);
  chownSync(key, NOBODY.uid, NOBODY.gid);
  const wrong = await mover.complaints();
  rmSync(key);
  const gone = await mover.complaints();

  assert.equal(wrong, [
    `bad ${key} does not belong to root, who logs in to the hub with it | chown root: ${key}`,
    `bad ${key} can be read by other users, and ssh does not use such a key | chmod 600 ${key}`,
  ]);
  assert.equal(gone, [
    `bad the ssh key of the mover, ${key}, is missing | runuser -u banspool-fleet -- ssh-keygen -q -t ed25519 -N '' -f ${key}`,
  ]);
});

test('warns of a hub that a ban could drop, and of one that has no address', async () => {
  await using sandbox = await Sandbox.open();
  const mover = await Mover.on(sandbox);
  rmSync(join(mover.folder, 'mover/known_hosts'));

  const open = await mover.complaints([]);
  const findings = await mover.findings([]);
  const unknown = await mover.complaints(undefined);
  mover.remote = 'hub@no.such.name.invalid:/srv/fleet.git';
  const nameless = await mover.complaints();

  assert.equal(open, [
    `warn a ban of 192.0.2.9 would cut this firewall off from the hub, 192.0.2.9 | add to allow in ${sandbox.state}/policy.yaml: - { net: "192.0.2.9", note: hub }`,
  ]);
  assert.ok(
    findings.some(({ what }) => what.startsWith('the host key of 192.0.2.9 is not known yet: the first')),
  );
  assert.equal(unknown, []);
  assert.equal(nameless, [
    'bad no.such.name.invalid, the hub in remote, has no address | correct remote in the config, or the name server of this machine',
  ]);
});

test('looks after the password where the hub is a Valkey', async () => {
  await using sandbox = await Sandbox.open();
  const mover = await Mover.on(sandbox);
  const password = join(mover.folder, 'mover/password');
  Object.assign(mover, { engine: 'valkey', remote: 'rediss://fw1@192.0.2.9:6379' });

  const gone = await mover.complaints();
  writeFileSync(password, 'secret', { mode: 0o644 });
  mover.reach('WRONGPASS invalid username-password pair or user is disabled.');
  const wrong = await mover.complaints([]);
  chmodSync(password, 0o600);
  mover.reach(undefined);
  const own = await mover.complaints();
  chmodSync(password, 0o640);
  chownSync(password, 0, statSync(join(mover.folder, 'mover')).gid);
  const ofItsGroup = await mover.complaints();
  chownSync(password, 0, 54_321);
  const ofAnother = await mover.complaints();

  assert.equal(gone, [`bad the password of the mover, ${password}, is missing | write it to ${password}`]);
  assert.equal(
    wrong.map((complaint) => complaint.split(' | ')[1]?.replace(/ in \S+policy.yaml.*/, '')),
    [
      `correct the password in ${password}, or that of the user on the server`,
      `chmod 600 ${password}`,
      'add to allow',
    ],
  );
  assert.equal([own, ofItsGroup], [[], []]);
  assert.is(ofAnother.at(-1), `bad ${password} can be read by other users | chmod 600 ${password}`);
});

test('looks for no ssh where the repository is a folder', async () => {
  await using sandbox = await Sandbox.open();
  const mover = await Mover.on(sandbox);
  mover.remote = '/srv/fleet.git';
  rmSync(mover.key);

  assert.equal(await mover.complaints([]), []);
});

test.run();
