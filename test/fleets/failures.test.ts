/** What fails on the way lifts no ban, and is told. */
import { copyFileSync, cpSync, lstatSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText } from '../support/intent-text.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';

const failures = suite('a fleet in which something fails');

const IP = '203.0.113.7';
const HELD = [`${IP} sshd by fw1/web1`];

/** Two firewalls, the second of which drops what a server behind the first banned. */
async function openBanned(options = {}): Promise<FleetOfSandboxes> {
  const fleet = await FleetOfSandboxes.open(['fw1', 'fw2'], options);
  fleet.at('fw1').drop('web1', banText(IP));
  await fleet.exchange('fw1', 'fw2');
  return fleet;
}

interface After {
  readonly bans: readonly string[];
  /** `PeersTrusted BadSignature`, of what is not well. */
  readonly told: readonly string[];
  readonly code: number;
}

/** The second firewall after a pass. */
async function after(fleet: FleetOfSandboxes): Promise<After> {
  const { code } = await fleet.at('fw2').cli('reconcile');
  const told = fleet
    .at('fw2')
    .status()
    .conditions.filter(({ status }) => status === 'False')
    .map(({ type, reason }) => `${type} ${reason}`);
  return { bans: await fleet.bans('fw2'), told, code };
}

const cases: Readonly<Record<string, (inbox: string, fleet: FleetOfSandboxes) => unknown>> = {
  'all that a peer published is gone': (inbox) => {
    rmSync(inbox, { recursive: true });
  },
  'peer.yaml is another text': (inbox) => {
    FleetOfSandboxes.rewrite(join(inbox, 'peer.yaml'), (text) => text.replace('fw1', 'fw3'));
  },
  'the signature is cut': (inbox) => {
    FleetOfSandboxes.rewrite(join(inbox, 'peer.yaml.sig'), (text) => text.slice(0, 100));
  },
  'the signature is a link': (inbox) => {
    rmSync(join(inbox, 'peer.yaml.sig'));
    symlinkSync('/etc/hostname', join(inbox, 'peer.yaml.sig'));
  },
  'peer.yaml is a FIFO': async (inbox) => {
    rmSync(join(inbox, 'peer.yaml'));
    await outputOf(['mkfifo', join(inbox, 'peer.yaml')]);
  },
  'peer.yaml is far too large': (inbox) => {
    writeFileSync(join(inbox, 'peer.yaml'), 'x'.repeat(10_000_000));
  },
  'it is junk': (inbox) => {
    writeFileSync(
      join(inbox, 'peer.yaml'),
      Buffer.from(Array.from({ length: 3_000 }, (_, index) => index % 256)),
    );
  },
};

for (const [what, harm] of Object.entries(cases)) {
  failures(`keeps its bans, and says so, where ${what}`, async () => {
    await using fleet = await openBanned();
    const inbox = fleet.inbox('fw2', 'fw1');
    await harm(inbox, fleet);
    for (const name of ['peer.yaml', 'peer.yaml.sig'])
      if (lstatSync(join(inbox, name), { throwIfNoEntry: false })?.isFile() === true)
        FleetOfSandboxes.age(join(inbox, name));

    const { bans, told, code } = await after(fleet);

    assert.equal(bans, HELD);
    assert.is(told.length, 1, told.join());
    assert.match(told[0] ?? '', /^Peers(Trusted|Heard) /);
    assert.is(code, 0);
    const status = await fleet.at('fw2').cli('status');
    assert.is(status.code, 1, status.stdout);
  });
}

failures('takes no publication that is older than one it took, also after a restart', async () => {
  await using fleet = await openBanned();
  const kept = join(fleet.at('fw2').folder, 'kept');
  cpSync(fleet.inbox('fw2', 'fw1'), kept, { recursive: true });
  await fleet.at('fw1').cli('unban', IP);
  await fleet.exchange('fw1', 'fw2');
  const unbanned = await fleet.bans('fw2');

  cpSync(kept, fleet.inbox('fw2', 'fw1'), { recursive: true });
  const { bans, told } = await after(fleet);

  assert.equal([unbanned, bans], [[], []]);
  assert.equal(told, ['PeersTrusted Replayed']);
});

failures('takes in what is whole of a copy under way, and the rest when it has come', async () => {
  await using fleet = await openBanned();
  fleet.at('fw1').drop('web1', banText('198.51.100.9'));
  fleet.at('fw1').drop('web1', banText('203.0.113.9'));
  await fleet.at('fw1').cli('reconcile');
  for (const name of ['peer.yaml', 'peer.yaml.sig', 'ipv4/198.yaml'])
    copyFileSync(join(fleet.outbox('fw1'), name), join(fleet.inbox('fw2', 'fw1'), name));

  const part = await after(fleet);
  await fleet.carry('fw1', 'fw2');
  const whole = await after(fleet);

  assert.equal(part.bans, ['198.51.100.9 sshd by fw1/web1', ...HELD]);
  assert.equal(whole.bans, ['198.51.100.9 sshd by fw1/web1', ...HELD, '203.0.113.9 sshd by fw1/web1']);
  assert.equal([part.told, whole.told], [[], []]);
});

failures('keeps a peer taken over within its limits, and out of what is allowed here', async () => {
  const policy = 'allow:\n  - { net: 192.0.2.0/24 }\n';
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2'], { limits: 'claims: 2' });
  fleet.at('fw2').writePolicy(`${policy}${fleet.peersOf('fw2', 'claims: 3, jails: [sshd]')}`);
  fleet.at('fw1').writePolicy(`limits: { default: { prefix4: 1 } }\n${fleet.peersOf('fw1')}`);
  for (const ip of ['0.0.0.0/1', '192.0.2.1', '192.0.2.2', '198.51.100.1', '198.51.100.2'])
    fleet.at('fw1').drop('web1', banText(ip));
  fleet.at('fw1').drop('web1', banText('198.51.100.3', { jail: 'other' }));

  await fleet.exchange('fw1', 'fw2');
  const { bans, told } = await after(fleet);

  assert.ok(
    bans.every((ban) => ban.startsWith('198.51.100.') && ban.includes(' sshd ')),
    bans.join('\n'),
  );
  assert.ok(bans.length <= 3);
  assert.equal(told, ['PeersTrusted BeyondLimits']);
});

failures('enforces what peers claimed from its state alone, as at a boot without a network', async () => {
  await using fleet = await openBanned();
  rmSync(join(fleet.at('fw2').folder, 'fleet'), { recursive: true });
  await outputOf(['iptables', '-F', 'fw2-sshd']);

  const { bans, told } = await after(fleet);

  assert.equal(bans, HELD);
  assert.match(await outputOf(['iptables', '-S', 'fw2-sshd']), `-s ${IP}/32 -j DROP`);
  assert.equal(told, ['PeersHeard NothingThere']);
});

failures('forgets in one pass what a peer claimed and lifted that policy.yaml names no more', async () => {
  await using fleet = await openBanned();
  fleet.at('fw2').drop('web2', banText('198.51.100.9'));
  await fleet.exchange('fw1', 'fw2');
  await fleet.at('fw1').cli('unban', '198.51.100.9');
  await fleet.exchange('fw1', 'fw2');
  const lifted = await fleet.bans('fw2');

  fleet.at('fw2').writePolicy('allow: []\n');
  const { bans } = await after(fleet);

  assert.equal(lifted, HELD);
  assert.equal(bans, ['198.51.100.9 sshd by web2']);
});

failures('keeps what it hears while its disk is full, and once there is room', async () => {
  await using fleet = await openBanned();
  const real = worldOf(fleet.at('fw2'));
  let isFull = false;
  const write: typeof real.files.write = async (path, text) => {
    if (isFull && path.startsWith(fleet.at('fw2').state)) throw new Error('ENOSPC');
    await real.files.write(path, text);
  };
  const world = { ...real, files: { ...real.files, write } };
  const memory = freshMemory(world);
  await makePass(world, memory, 'quick');
  fleet.at('fw1').drop('web1', banText('198.51.100.9'));
  await fleet.at('fw1').cli('reconcile');
  await fleet.carry('fw1', 'fw2');

  isFull = true;
  const first = await makePass(world, memory, 'quick');
  const second = await makePass(world, memory, 'quick');
  isFull = false;
  const third = await makePass(world, memory, 'quick');

  assert.equal(
    [first, second, third].map(({ bans, problems }) => [bans, problems.length > 0]),
    [
      [2, true],
      [2, true],
      [2, false],
    ],
  );
  assert.equal(await fleet.bans('fw2'), ['198.51.100.9 sshd by fw1/web1', ...HELD]);
});

failures('takes no word of a firewall that bears the name of another', async () => {
  await using fleet = await openBanned();
  const thief = fleet.at('fw1');
  rmSync(join(thief.folder, 'fleet_key'));
  await outputOf(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(thief.folder, 'fleet_key')]);
  thief.drop('web1', banText('198.51.100.9'));
  await fleet.exchange('fw1', 'fw2');
  for (const name of ['peer.yaml', 'peer.yaml.sig'])
    FleetOfSandboxes.age(join(fleet.inbox('fw2', 'fw1'), name));

  const { bans, told } = await after(fleet);

  assert.equal(bans, HELD);
  assert.equal(told, ['PeersTrusted BadSignature']);
});

failures('tells that it cannot publish, and drops what it must all the same', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  rmSync(join(fleet.at('fw2').folder, 'fleet'), { recursive: true });
  writeFileSync(join(fleet.at('fw2').folder, 'fleet'), '');
  fleet.at('fw2').drop('web1', banText(IP));

  const { bans, told, code } = await after(fleet);

  assert.equal(bans, [`${IP} sshd by web1`]);
  assert.ok(told.includes('FleetPublished WriteFailed'), told.join());
  assert.is(code, 1);
});

failures.run();
