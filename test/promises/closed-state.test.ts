/** Who may read what is claimed, who banned whom, and what the controller says: root, the owner, and his group. */
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../support/intent-text.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { outputOf, runProgram, type Ran } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the state');

/** As in a package: a group of the controller's own, and a runtime folder that everybody may enter. */
const GROUP = 64903;
const ANYBODY = 64904;

async function openAsPackaged(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('203.0.113.7'));
  chmodSync(sandbox.folder, 0o755);
  const controller = await sandbox.startController();
  await controller.stop();
  await outputOf(['chgrp', '-R', String(GROUP), sandbox.state, join(sandbox.folder, 'status.json')]);
  return sandbox;
}

/** As a user of this machine who may do nothing but what everybody may, and what the group may. */
async function asUser(group: number, words: readonly string[]): Promise<Ran> {
  const user = ['--reuid', String(ANYBODY), '--regid', String(group), '--clear-groups'];
  return runProgram(['setpriv', ...user, ...words]);
}

const COMMANDS = [
  'status',
  'top --once',
  'list',
  'plan',
  'why 203.0.113.7',
  'history',
  `replay --policy ${join(import.meta.dirname, '../../../state/policy.yaml')}`,
  'refused',
  'report',
  'check',
  'support',
  'ban 203.0.113.8',
];

test('is closed to other users of the machine, who are told so', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openAsPackaged();

  const told = await Promise.all(
    COMMANDS.map((command) => asUser(ANYBODY, sandbox.command(...command.split(' ')))),
  );
  const read = await asUser(ANYBODY, ['cat', join(sandbox.folder, 'status.json')]);

  for (const { code, stdout, stderr } of told) {
    assert.is(code, 1, stdout);
    assert.not.match(stdout, '203.0.113');
    assert.is(
      stderr,
      `banspool: error: this user cannot read ${sandbox.state}\n` +
        'banspool: hint: run it as root, or as a member of the group that owns the folder\n',
    );
  }
  assert.is.not(read.code, 0);
});

test('is not told as a controller that never ran, to whom only status.json is closed', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openAsPackaged();
  chmodSync(sandbox.state, 0o755);

  const { code, stdout, stderr } = await asUser(ANYBODY, sandbox.command('status'));

  assert.equal([code, stdout], [1, '']);
  assert.match(stderr, /this user cannot read .*status\.json\nbanspool: hint: run it as root/);
});

test('is not told as one where nothing was refused, to whom only the refused files are closed', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openAsPackaged();
  chmodSync(sandbox.state, 0o755);
  mkdirSync(sandbox.rejected, { mode: 0o700 });

  const { code, stdout, stderr } = await asUser(ANYBODY, sandbox.command('refused'));

  assert.equal([code, stdout], [1, '']);
  assert.match(stderr, `this user cannot read ${sandbox.rejected}\nbanspool: hint: run it as root`);
});

test('lets none but root see who is let in, and says so instead of naming nobody', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openAsPackaged();

  const told = await asUser(ANYBODY, sandbox.command('server', 'list'));

  assert.equal(told, {
    code: 2,
    stdout: '',
    stderr:
      'banspool: error: only root may list and change the allowed servers\nbanspool: hint: run it as root\n',
  });
});

test('sends who may not write to root, whatever it was that he wanted to change', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openAsPackaged();
  const commands = [
    'accept',
    'ban 203.0.113.8',
    'unban 203.0.113.7',
    'allow 203.0.113.7',
    'reconcile',
    'run',
    'server add web9 --key /nowhere',
  ];

  const told = await Promise.all(
    commands.map(async (command) => ({
      command,
      ...(await asUser(GROUP, sandbox.command(...command.split(' ')))),
    })),
  );

  for (const { command, code, stdout, stderr } of told) {
    assert.is.not(code, 0, command);
    assert.is(stdout, '');
    assert.match(
      stderr,
      /^banspool: error: .*\nbanspool: hint: (run as root: banspool re|run as root: banspool ru|run it as root)/,
      command,
    );
    assert.is(stderr.trimEnd().split('\n').length, 2, stderr);
    assert.not.match(stderr, / rm /);
  }
  assert.match(
    told.find(({ command }) => command === 'reconcile')?.stderr ?? '',
    `error: the state in ${sandbox.state} belongs to root, and this user cannot write there\nbanspool: hint: run as root: banspool reconcile --config ${sandbox.configPath}\n`,
  );
});

test('can be looked at by its group, and its metrics by everybody', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openAsPackaged();

  const list = await asUser(GROUP, sandbox.command('list'));
  const history = await asUser(GROUP, sandbox.command('history'));
  const status = await asUser(GROUP, ['head', '-c', '1', join(sandbox.folder, 'status.json')]);
  const metrics = await asUser(ANYBODY, ['cat', join(sandbox.folder, 'banspool.prom')]);

  assert.match(list.stdout, '203.0.113.7', list.stderr);
  assert.match(history.stdout, '203.0.113.7', history.stderr);
  assert.is(status.stdout, '{', status.stderr);
  assert.match(metrics.stdout, 'banspool_converged 1', metrics.stderr);
});

test('that an earlier version left open is found by doctor', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openAsPackaged();
  chmodSync(sandbox.state, 0o755);

  const doctor = await sandbox.cli('doctor');

  assert.match(
    doctor.stdout,
    `warn  ${sandbox.state} is readable by every user of this machine\n      fix: chmod 750 ${sandbox.state}`,
  );
});

test('is closed by an upgrade of the package that left it open', async () => {
  if (isUserNamespace()) return;
  const root = '/run/root';
  for (const folder of ['etc', 'var/lib/banspool/state', 'run'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['passwd', 'group']) {
    const end = file === 'passwd' ? '::/:/bin/sh' : '';
    const number = (id: number): string => (file === 'passwd' ? `${id}:${id}` : String(id));
    const line = (name: string, id: number): string => `${name}:x:${number(id)}:${end.slice(1)}\n`;
    await outputOf([
      'sh',
      '-c',
      'printf %s "$1" >"$2"',
      'sh',
      line('root', 0) + line('banspool', GROUP),
      join(root, 'etc', file),
    ]);
  }
  for (const folder of ['var/lib/banspool', 'var/lib/banspool/state']) {
    chmodSync(join(root, folder), 0o755);
    chownSync(join(root, folder), GROUP, GROUP);
  }
  const tmpfiles = join(import.meta.dirname, '../../../systemd/tmpfiles.d/banspool.conf');
  mkdirSync(join(root, 'usr/lib/tmpfiles.d'), { recursive: true });
  await outputOf(['cp', tmpfiles, join(root, 'usr/lib/tmpfiles.d/banspool.conf')]);

  await runProgram(['systemd-tmpfiles', `--root=${root}`, '--create', 'banspool.conf']);

  // Web servers pass through the first to the exports.
  const modes = {
    'var/lib/banspool': '751',
    'var/lib/banspool/state': '750',
    'var/lib/banspool/rejected': '750',
  };
  for (const [folder, mode] of Object.entries(modes))
    assert.is((statSync(join(root, folder)).mode & 0o777).toString(8), mode, folder);
  assert.match(readFileSync(tmpfiles, 'utf8'), 'd /var/spool/banspool             0755 root     root');
});

test.run();
