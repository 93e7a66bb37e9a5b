/** What `status` says of a controller, and of what it refused, on the real program. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from '../../../support/child.ts';
import { banText } from '../../../support/intent-text.ts';
import { eventually } from '../../../support/eventually.ts';
import { outputOf } from '../../../support/run-program.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const status = suite('status on the real program');

status('a controller that is killed is told of at once, by ban and why too', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  const running = await sandbox.cli('status');
  const promised = await sandbox.cli('ban', '198.51.100.7');
  await eventually(() => {
    assert.equal(sandbox.waiting(), []);
  });
  await controller.stop('SIGKILL');

  const killed = await sandbox.cli('status');
  const banned = await sandbox.cli('ban', '198.51.100.8');
  const waiting = new Child(sandbox.command('ban', '198.51.100.9', '--wait'));
  await eventually(() => {
    assert.match(waiting.stderr, 'warning: no pass is due: the controller (pid');
  });
  await waiting.stop('SIGKILL');
  const lifted = await sandbox.cli('unban', '198.51.100.7');
  const why = await sandbox.cli('why', '198.51.100.8');

  const word = `the controller (pid ${controller.pid}) was killed or crashed, and rules stay as they were; fix: systemctl start banspool`;
  assert.equal([running.code, killed.code], [0, 5]);
  assert.match(killed.stdout, `ControllerRunning is false (Ended): ${word}\n`);
  assert.match(promised.stderr, 'is in the spool; the next pass enforces it\n');
  assert.match(banned.stderr, `is in the spool; no pass is due: ${word}\n`);
  assert.match(lifted.stderr, `is in the spool; no pass is due: ${word}\n`);
  assert.match(why.stdout, `198.51.100.8 should be dropped, but is not: no pass is due: ${word}\n`);
});

status('a pass of the timer does not hide that the controller was killed', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  await controller.stop('SIGKILL');

  await sandbox.cli('reconcile');
  const after = await sandbox.cli('status');
  await using again = await sandbox.startController();
  const running = await sandbox.cli('status');

  assert.equal([after.code, running.code], [5, 0]);
  assert.match(after.stdout, `ControllerRunning is false (Ended): the controller (pid ${controller.pid})`);
  assert.is.not(again.pid, controller.pid);
});

status('a controller that was stopped says so itself, and single passes need none', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  await controller.stop('SIGTERM');

  const stopped = await sandbox.cli('status');
  await sandbox.cli('reconcile');
  const single = await sandbox.cli('status');

  assert.equal([stopped.code, single.code], [5, 0]);
  assert.match(stopped.stdout, 'ControllerRunning is false (Stopped): the controller was stopped ');
});

status('what the last pass saw is told without a look at claims, intents or the firewall', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.cli('reconcile');
  const claims = join(sandbox.state, 'claims/ipv4/198.yaml');
  sandbox.drop('web1', banText('198.51.100.8'));
  rmSync(claims);
  // Whoever opens it waits for ever.
  await outputOf(['mkfifo', claims]);

  const { code, stdout } = await sandbox.cli('status');

  assert.is(code, 0);
  assert.match(stdout, /^converged {2}1 ban, 1 claim\nlast pass {3}/);
  assert.match(stdout, /\nSERVER {2}LAST HEARD +INTENTS {2}REFUSED {2}WAITING\nweb1 {4}\S.* {2}1 +0 +1\n/);
});

status('after a reboot, which takes status.json away, servers were heard when the state says', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7', { time: Math.floor(Date.now() / 1000) - 120 }));
  mkdirSync(join(sandbox.spool, 'web2'));
  await sandbox.cli('reconcile');
  rmSync(join(sandbox.folder, 'status.json'));
  await sandbox.cli('reconcile');

  const { stdout } = await sandbox.cli('status');

  assert.match(stdout, /\nweb1 {4}2 min( \d+ s)? ago +0 /);
  assert.match(stdout, /\nweb2 {4}never +0 /);
});

status('a restart forgets nothing of what was heard, taken in and refused of a server', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  sandbox.drop('web1', banText('198.51.100.8'));
  sandbox.drop('web1', 'intent: nonsense\n...\n');
  await sandbox.cli('reconcile');
  const before = sandbox.status().servers;

  await sandbox.cli('reconcile');

  assert.equal(sandbox.status().servers, before);
  assert.equal(
    before.map(({ name, intents, refused }) => [name, intents, refused]),
    [['web1', 2, 1]],
  );
});

status('a hook that does not exist is told, and alarms nobody', async () => {
  await using sandbox = await Sandbox.open({ config: { hooks: '[INPUT, FORWARD, DOCKER-USER]' } });
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.cli('reconcile');

  const { code, stdout } = await sandbox.cli('status');

  assert.is(code, 0);
  assert.match(
    stdout,
    'HooksPresent is false (HookMissing): ipv4: the chain DOCKER-USER does not exist; its jumps are added when it does',
  );
});

status('what was refused is told with its reason and place until somebody took it away', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', 'intent: ban\n...\n', '1.yaml');
  sandbox.drop('web1', 'intent: ban\njail: sshd\nip: nonsense\n...\n', '2.yaml');
  await sandbox.startController();

  const refused = await sandbox.cli('status');
  rmSync(join(sandbox.rejected, 'web1'), { recursive: true });
  sandbox.drop('web1', banText('198.51.100.7'));
  await eventually(() => {
    assert.is(sandbox.status().bans, 1);
  });
  const seen = await sandbox.cli('status');

  assert.match(refused.stdout, '2 files refused');
  assert.match(refused.stdout, `\n2     ${join(sandbox.rejected, 'web1/2.yaml')}  `);
  assert.match(refused.stdout, 'ip: "nonsense" is not ');
  assert.match(refused.stdout, '\nbanspool refused shows each file with its reason, and what to do\n');
  assert.not.match(seen.stdout, 'refused');
});

status(
  'of refused files it tells how many a server has, and the newest of the last five servers',
  async () => {
    await using sandbox = await Sandbox.open();
    const nonsense = 'intent: nonsense\n...\n';
    for (const server of ['web1', 'web2', 'web3', 'web4', 'web5', 'web6', 'web7'])
      sandbox.drop(server, nonsense, '1.yaml');
    await sandbox.cli('reconcile');
    sandbox.drop('web2', nonsense, '2.yaml');
    sandbox.drop('web2', banText('nonsense', { reason: 'spam' }), '3.yaml');
    await sandbox.cli('reconcile');

    const { stdout } = await sandbox.cli('status');
    const [head = '', ...rows] = (stdout.split('\n\n')[2] ?? '').split('\n');
    const all = await sandbox.cli('refused');

    assert.match(stdout, '9 files refused\n');
    assert.match(head, /^KEPT {2}LAST REFUSED +WHEN +REASON$/);
    const [first = '', ...others] = rows.slice(0, 5);
    assert.match(first, new RegExp(`^3 {5}${sandbox.rejected}/web2/3\\.yaml .* ip: "nonsense" is no`));
    for (const other of others) assert.match(other, /^1 {5}\S+\/web\d\/1\.yaml .* intent: "nonsense" is not/);
    assert.is(rows[5], 'and 2 more servers');
    assert.is(all.stdout.match(/^ {2}(?:intent|ip): "nonsense" is no/gm)?.length, 9);
    assert.equal(
      sandbox.status().servers.map(({ name, kept }) => [name, kept]),
      ['web1', 'web2', 'web3', 'web4', 'web5', 'web6', 'web7'].map((name) => [name, name === 'web2' ? 3 : 1]),
    );
  },
);

status('a status.json of an earlier version, without what is kept, is told all the same', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', 'intent: nonsense\n...\n', '1.yaml');
  await sandbox.cli('reconcile');
  const path = join(sandbox.folder, 'status.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^ *"kept": 1,\n/m, ''));

  const { code, stdout } = await sandbox.cli('status');

  assert.is(code, 0);
  assert.match(stdout, /\nKEPT {2}LAST REFUSED .*\n1\+ {4}\S+\/web1\/1\.yaml /);
});

status.run();
