import { writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';

const test = suite('SIGHUP');

test('makes the controller read its config again', async () => {
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

test('with a damaged config leaves the old one in force', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  writeFileSync(sandbox.configPath, 'interval: never\n');

  controller.process.kill('SIGHUP');
  await eventually(() => {
    assert.match(controller.stderr, /error: the config stays as it was: .*config.yaml:1:/);
  });
  sandbox.drop('web1', banText('198.51.100.7'));

  await untilDropped('198.51.100.7');
});

test('with a spool that cannot be made leaves the old one in force', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  sandbox.configure({ spool: `${sandbox.configPath}/spool` });

  controller.process.kill('SIGHUP');
  await eventually(() => {
    assert.match(controller.stderr, /error: the config stays as it was: ENOTDIR: .*config.yaml\/spool/);
  });
  sandbox.drop('web1', banText('198.51.100.7'));

  await untilDropped('198.51.100.7');
});

test('loses no intent that arrives meanwhile', async () => {
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

test.run();
