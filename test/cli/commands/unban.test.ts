/** Which claims `unban` lifts, and that its exit code tells whether the address is let in. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../../support/intent-text.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { isDropped, untilDropped } from '../../support/until-dropped.ts';

const test = suite('unban');

const ATTACKER = '198.51.100.7';
const NEIGHBOUR = '198.51.100.8';

/** Two servers claim two addresses each, and the policy denies a network. */
async function openWithBans(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.writePolicy('deny:\n  - { net: 203.0.113.0/24 }\n');
  for (const server of ['web1', 'web2'])
    for (const ip of [ATTACKER, NEIGHBOUR]) sandbox.drop(server, banText(ip));
  await sandbox.cli('reconcile');
  return sandbox;
}

/** Addresses with who claims them. */
async function listed(sandbox: Sandbox): Promise<readonly string[]> {
  const { stdout } = await sandbox.cli('list', '--json');
  const { bans } = JSON.parse(stdout) as {
    bans: readonly { ip: string; claims: readonly { server: string }[] }[];
  };
  return bans.map(({ ip, claims }) => `${ip} ${claims.map(({ server }) => server).join(' ')}`);
}

test('takes several addresses at once', async () => {
  await using sandbox = await openWithBans();

  const ran = await sandbox.cli('unban', ATTACKER, NEIGHBOUR);
  await sandbox.cli('reconcile');

  assert.equal(ran, {
    code: 0,
    stdout: '',
    stderr: `banspool: unban of ${ATTACKER}, ${NEIGHBOUR} is in the spool; the next pass carries it out\n`,
  });
  assert.equal(await listed(sandbox), ['203.0.113.0/24 policy']);
});

test('of one server leaves what others claim, and says with exit code 1 that it is dropped still', async () => {
  await using sandbox = await openWithBans();

  const ran = await sandbox.cli('unban', ATTACKER, '--server', 'web1');
  await sandbox.cli('reconcile');

  assert.is(ran.code, 1);
  assert.match(ran.stderr, `warning: ${ATTACKER} is still dropped in sshd: web2 claims it until`);
  assert.match(ran.stderr, `hint: banspool unban ${ATTACKER} lifts the claims of all servers in all jails\n`);
  assert.ok((await listed(sandbox)).includes(`${ATTACKER} web2`));
});

test('of a network lifts what is claimed inside of it when it is told to', async () => {
  await using sandbox = await openWithBans();

  const without = await sandbox.cli('unban', '198.51.0.0/16');
  const within = await sandbox.cli('unban', '198.51.0.0/16', '--within');
  await sandbox.cli('reconcile');

  assert.is(without.code, 1);
  assert.match(
    without.stderr,
    /hint: banspool unban 198\.51\.0\.0\/16 --within lifts the 4 claims inside it\n/,
  );
  assert.is(within.code, 0, within.stderr);
  assert.equal(await listed(sandbox), ['203.0.113.0/24 policy']);
});

test('of what a network around it or the policy drops ends with 1 and names the command that helps', async () => {
  await using sandbox = await openWithBans();
  await sandbox.cli('ban', '198.51.100.0/24');

  const around = await sandbox.cli('unban', ATTACKER);
  const denied = await sandbox.cli('unban', '203.0.113.9');

  assert.is(around.code, 1);
  assert.match(
    around.stderr,
    `warning: 198.51.100.0/24, which contains ${ATTACKER}, is still dropped in manual`,
  );
  assert.match(
    around.stderr,
    "hint: banspool unban 198.51.100.0/24 lifts the ban of the network; a line '  - { net: ",
  );
  assert.is(denied.code, 1);
  assert.match(denied.stderr, 'warning: 203.0.113.0/24 is still dropped: policy.yaml line 2 denies it\n');
  assert.match(denied.stderr, `hint: remove line 2 from ${sandbox.state}/policy.yaml, or add`);
});

test('of everything wants --yes, and cannot lift what the policy denies', async () => {
  await using sandbox = await openWithBans();
  await sandbox.cli('ban', '2001:db8::/48');

  const unsure = await sandbox.cli('unban', '--all');
  const sure = await sandbox.cli('unban', '--all', '--yes');
  await sandbox.cli('reconcile');

  assert.is(unsure.code, 2);
  assert.match(unsure.stderr, /error: --all lifts up to 5 claims\nbanspool: hint: .* --all --yes\n/);
  assert.is(sure.code, 1);
  assert.match(sure.stderr, 'warning: 203.0.113.0/24 is still dropped: policy.yaml line 2 denies it\n');
  assert.equal(await listed(sandbox), ['203.0.113.0/24 policy']);
});

test('that nobody carries out ends with 1 and says how the controller is started', async () => {
  await using sandbox = await openWithBans();
  const controller = await sandbox.startController();
  controller.process.kill('SIGKILL');
  await controller.ended;

  const ran = await sandbox.cli('unban', ATTACKER);

  assert.is(ran.code, 1);
  assert.match(
    ran.stderr,
    /is in the spool; no pass is due: .* was killed .*; fix: systemctl start banspool\n$/,
  );
});

test('of nothing, or of everything and an address, is told what would do', async () => {
  await using sandbox = await Sandbox.open();

  for (const words of [[], ['--all', '--yes', ATTACKER]]) {
    const ran = await sandbox.cli('unban', ...words);

    assert.is(ran.code, 2);
    assert.match(ran.stderr, /hint: run banspool unban ADDRESS\.\.\., or banspool unban --all --yes/);
  }
  assert.equal(sandbox.waiting(), []);
});

test('who waits for an unban is told whether anything claimed the address', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  sandbox.drop('web1', banText(ATTACKER));
  await untilDropped(ATTACKER);

  const otherJail = await sandbox.cli('unban', ATTACKER, '--jail', 'nginx', '--wait');
  const claimed = await sandbox.cli('unban', ATTACKER, '--wait');
  const unclaimed = await sandbox.cli('unban', '192.0.2.77', '--wait');

  assert.is(otherJail.code, 1);
  assert.match(
    otherJail.stderr,
    /^banspool: warning: no server has a jail "nginx": the jails are sshd, manual\nbanspool: no claim on 198\.51\.100\.7 in nginx\nbanspool: warning: 198\.51\.100\.7 is still dropped in sshd: web1 claims it until .*\nbanspool: hint: banspool unban 198\.51\.100\.7 lifts the claims of all servers in all jails\n$/,
  );
  assert.equal(claimed, {
    code: 0,
    stdout: '',
    stderr: `banspool: all claims on ${ATTACKER} lifted\n`,
  });
  assert.equal(unclaimed, {
    code: 1,
    stdout: '',
    stderr:
      'banspool: no claim on 192.0.2.77\nbanspool: hint: banspool why 192.0.2.77 shows what matches it; banspool list shows all bans\n',
  });
});

test('who lifts the ban of a server whose clock is ahead has it lifted, and may ban anew at once', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  sandbox.drop('web1', banText(ATTACKER, { time: Date.now() / 1000 + 120 }));
  await untilDropped(ATTACKER);

  const unban = await sandbox.cli('unban', ATTACKER, '--wait');
  const afterUnban = await isDropped(ATTACKER);
  const ban = await sandbox.cli('ban', ATTACKER, '--for', '1h', '--jail', 'sshd', '--wait');

  assert.is(unban.stderr, `banspool: all claims on ${ATTACKER} lifted\n`);
  assert.not(afterUnban);
  assert.match(ban.stderr, `banspool: ${ATTACKER} is banned until`);
  assert.ok(await isDropped(ATTACKER));
});

test.run();
