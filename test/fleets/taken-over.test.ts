/**
 * Whoever took over a mover, or a peer, or filled the disk: bans stay, the controller goes on as before, and without
 * that peer all is as if it had never spoken.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText } from '../support/intent-text.ts';

const failures = suite('a fleet in which a part is taken over');

const ruleOf = (ip: string): string => `-A fw2-sshd -s ${ip}/32 -j DROP`;
const HELD = ['203.0.113.7', '203.0.113.8', '198.51.100.9'];

/** Two firewalls, the second of which drops what a server behind the first banned. */
async function openBanned(): Promise<FleetOfSandboxes> {
  const fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  for (const ip of HELD) fleet.at('fw1').drop('web1', banText(ip));
  await fleet.exchange('fw1', 'fw2');
  return fleet;
}

/** How many of these addresses the second firewall drops no more. */
async function countLifted(ips: readonly string[] = HELD): Promise<number> {
  const rules = new Set(await iptablesRules());
  return ips.filter((ip) => !rules.has(ruleOf(ip))).length;
}

function falseAt(fleet: FleetOfSandboxes, name: string): readonly string[] {
  const { conditions } = fleet.at(name).status();
  return conditions.filter(({ status }) => status === 'False').map(({ type, reason }) => `${type} ${reason}`);
}

/** What a mover can put in the place of a peer's folder, or into it. */
const LEFT: Readonly<Record<string, (inbox: string) => void>> = {
  'a FIFO for each file': (inbox) => {
    for (const name of ['peer.yaml', 'peer.yaml.sig', 'ipv4/203.yaml', 'ipv4/198.yaml'])
      replace(join(inbox, name), (path) => execFileSync('mkfifo', [path]));
  },
  'a folder for each file': (inbox) => {
    for (const name of ['peer.yaml', 'peer.yaml.sig', 'ipv4/203.yaml'])
      replace(join(inbox, name), (path) => {
        mkdirSync(path);
      });
  },
  'links to devices and to themselves': (inbox) => {
    replace(join(inbox, 'peer.yaml'), (path) => {
      symlinkSync('/dev/zero', path);
    });
    replace(join(inbox, 'peer.yaml.sig'), (path) => {
      symlinkSync('peer.yaml.sig', path);
    });
    replace(join(inbox, 'ipv4'), (path) => {
      symlinkSync('ipv4', path);
    });
  },
  'files of a terabyte, with nothing in them': (inbox) => {
    for (const name of ['peer.yaml', 'peer.yaml.sig', 'ipv4/203.yaml'])
      truncateSync(join(inbox, name), 2 ** 40);
  },
  'a FIFO in the place of its folder': (inbox) => {
    replace(inbox, (path) => execFileSync('mkfifo', [path]));
  },
  'a link to itself in the place of its folder': (inbox) => {
    replace(inbox, (path) => {
      symlinkSync('fw1', path);
    });
  },
  'a file in the place of all folders': (inbox) => {
    replace(join(inbox, '..'), (path) => {
      writeFileSync(path, 'x');
    });
  },
};

function replace(path: string, make: (path: string) => unknown): void {
  rmSync(path, { recursive: true, force: true });
  make(path);
}

failures('by its mover holds all bans, and bans as ever', async () => {
  await using fleet = await openBanned();
  const inbox = fleet.inbox('fw2', 'fw1');
  const controller = await fleet.at('fw2').startController();
  let lifted = 0;

  for (const [index, [what, leave]] of Object.entries(LEFT).entries()) {
    replace(join(inbox, '..'), (path) => {
      mkdirSync(path);
    });
    await fleet.carry('fw1', 'fw2');
    leave(inbox);
    const ip = `192.0.2.${index + 1}`;
    fleet.at('fw2').drop('web2', banText(ip));
    await eventually(async () => {
      assert.ok((await iptablesRules()).includes(ruleOf(ip)), what);
    });
    lifted += await countLifted();
  }

  assert.is(lifted, 0);
  assert.is(controller.process.exitCode, null, controller.stderr);
});

failures('or whose disk is full holds all bans, tells so, and publishes when there is room', async () => {
  await using fleet = await openBanned();
  const { folder } = fleet.at('fw2');
  const own = join(folder, 'fleet');
  renameSync(own, `${own}.before`);
  mkdirSync(own);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', own]);
  try {
    execFileSync('cp', ['-a', `${own}.before/.`, own]);
    execFileSync('sh', ['-c', 'dd if=/dev/zero of="$0/full" bs=4k 2>/dev/null || true', own]);
    fleet.at('fw2').drop('web2', banText('192.0.2.1'));

    await fleet.at('fw2').cli('reconcile');
    const [lifted, told] = [await countLifted([...HELD, '192.0.2.1']), falseAt(fleet, 'fw2')];
    rmSync(join(own, 'full'));
    await fleet.at('fw2').cli('reconcile');
    await fleet.carry('fw2', 'fw1');
    await fleet.at('fw1').cli('reconcile');

    assert.is(lifted, 0);
    assert.equal(told, ['FleetPublished WriteFailed']);
    assert.equal(falseAt(fleet, 'fw2'), []);
    assert.ok((await fleet.bans('fw1')).includes('192.0.2.1 sshd by fw2/web2'));
    assert.ok(statSync(join(own, 'out/peer.yaml')).size > 0);
  } finally {
    execFileSync('umount', [own]);
  }
});

failures('as a peer lifts up to its limit, and without it each ban is back in one pass', async () => {
  const own = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  fleet.at('fw2').writePolicy(fleet.peersOf('fw2', 'lifts: 2'));
  for (const ip of own) fleet.at('fw2').drop('web2', banText(ip));
  await fleet.exchange('fw1', 'fw2');
  const before = await countLifted(own);

  for (const ip of own) await fleet.at('fw1').cli('unban', ip);
  await fleet.exchange('fw1', 'fw2');
  const [during, told] = [await countLifted(own), falseAt(fleet, 'fw2')];
  await fleet.at('fw2').cli('peers', 'remove', 'fw1');
  await fleet.at('fw2').cli('reconcile');

  assert.equal([before, during, await countLifted(own)], [0, 2, 0]);
  assert.equal(told, ['PeersTrusted BeyondLimits']);
});

failures.run();
