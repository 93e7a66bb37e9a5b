/** What `check` ends with, for who puts `&& systemctl reload` behind it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ed25519 } from '../../access/ssh-key.ts';
import { runProgram } from '../../support/run-program.ts';
import { Sandbox } from '../../support/sandbox.ts';

const check = suite('check');

check('a mistake in the policy or in the config is told with its line, and exit code 2', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24, until: yesterday }\n');

  const policy = await sandbox.cli('check');
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24 }\n');
  const good = await sandbox.cli('check');
  sandbox.configure({ interval: 'often' });
  const config = await sandbox.cli('check');

  assert.equal([policy.code, good.code, config.code], [2, 0, 2]);
  assert.match(policy.stdout, `${sandbox.state}/policy.yaml:2:`);
  assert.match(good.stdout, 'policy.yaml: valid (1 allowed, 0 denied');
  assert.match(config.stdout, /config\.yaml:\d+:\d+: /);
});

check('counts in a policy what is in force, and names the lines that are not any more', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy(
    'allow:\n  - { net: 203.0.113.7 }\n  - { net: 203.0.113.8, until: 2020-01-01 }\nlimits: { servers: { web1: { claims: 9 } } }\n',
  );

  const { stdout } = await sandbox.cli('check');

  assert.match(
    stdout,
    /policy\.yaml: valid \(1 allowed, 0 denied, 1 expired: line 3, limits for 1 server\)$/m,
  );
});

check('counts rules, lists, exports and peers where there are some', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy(
    'escalate: [{ name: a, bans: 2, within: 1h, ban: 1d }]\n' +
      'lists: [{ name: a, file: a }, { name: b, file: b }]\nexports: [{ file: a, format: csv }]\n' +
      `peers:\n  fw2: { key: "ssh-ed25519 ${ed25519().base64}" }\n`,
  );

  const { stdout } = await sandbox.cli('check');

  assert.match(
    stdout,
    /policy\.yaml: valid \(0 allowed, 0 denied, .*, 1 rule, 2 lists, 1 export, 1 peer\)$/m,
  );
});

check('tells who came by ssh when the policy denies his address', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy(`deny:\n  - { net: 203.0.113.0/24 }\n`);

  const ran = await runProgram(sandbox.command('check'), {
    env: { SSH_CONNECTION: '203.0.113.7 50022 192.0.2.1 22' },
  });
  const elsewhere = await sandbox.cli('check');

  assert.is(ran.code, 1);
  assert.match(ran.stdout, `policy.yaml:2: denies 203.0.113.7, from which you are logged in\n`);
  assert.is(elsewhere.code, 0, elsewhere.stdout);
});

check.run();
