/** What the controller does at a signal. */
import { writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../../support/eventually.ts';
import { iptablesRules } from '../../support/firewall.ts';
import { banText } from '../../support/intent-text.ts';
import { NotifySocket, untilHeard } from '../../support/notify-socket.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { untilDropped } from '../../support/until-dropped.ts';

const test = suite('the controller');

const ATTACKER = '198.51.100.7';

test('reads its config again at SIGHUP', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  const controller = await sandbox.startController();
  sandbox.configure({ verdict: 'REJECT', hooks: '[FORWARD]' });

  controller.process.kill('SIGHUP');

  await eventually(async () => {
    const rules = await iptablesRules();
    assert.match(rules.join('\n'), /-A fail2ban-sshd -s 198\.51\.100\.7\/32 -j REJECT/);
    assert.not.match(rules.join('\n'), /-A INPUT/);
  });
});

test('leaves the old config in force at a SIGHUP with a damaged one', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  writeFileSync(sandbox.configPath, 'interval: never\n');

  controller.process.kill('SIGHUP');
  await eventually(() => {
    assert.match(controller.stderr, /error: the new config is not used: .*config.yaml:1:/);
  });
  sandbox.drop('web1', banText('198.51.100.7'));

  await untilDropped('198.51.100.7');
});

test('leaves the old config in force at a SIGHUP with a spool that cannot be made', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  sandbox.configure({ spool: `${sandbox.configPath}/spool` });

  controller.process.kill('SIGHUP');
  await eventually(() => {
    assert.match(controller.stderr, /error: the new config is not used: ENOTDIR: .*config.yaml\/spool/);
  });
  sandbox.drop('web1', banText('198.51.100.7'));

  await untilDropped('198.51.100.7');
});

test('loses no intent that arrives while it reads its config again', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();

  for (let host = 1; host <= 50; host += 1) {
    sandbox.drop('web1', banText(`198.51.100.${host}`));
    if (host % 10 === 0) controller.process.kill('SIGHUP');
  }

  await eventually(() => {
    assert.is(sandbox.status().bans, 50);
  });
});

test('stops at SIGTERM with exit code 0, and the rules stay', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));
  const controller = await sandbox.startController();
  const before = await iptablesRules();

  const exitCode = await controller.stop('SIGTERM');

  assert.is(exitCode, 0);
  assert.equal(await iptablesRules(), before);
  assert.ok(before.includes(`-A fail2ban-sshd -s ${ATTACKER}/32 -j DROP`));
});

test('stops at SIGINT with exit code 130, and the rules stay', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));
  const controller = await sandbox.startController();

  const exitCode = await controller.stop('SIGINT');

  assert.is(exitCode, 130);
  await untilDropped(ATTACKER);
});

test('tells systemd that it reloads, and that it is ready again', async () => {
  await using socket = await NotifySocket.open();
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController({ NOTIFY_SOCKET: socket.path });
  await untilHeard(socket, /READY=1/);

  controller.process.kill('SIGHUP');

  await untilHeard(socket, /RELOADING=1[^]*READY=1/);
});

test('tells systemd that it stops', async () => {
  await using socket = await NotifySocket.open();
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController({ NOTIFY_SOCKET: socket.path });

  await controller.stop('SIGTERM');

  await untilHeard(socket, /STOPPING=1/);
});

test.run();
