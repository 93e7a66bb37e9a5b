import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../../../support/eventually.ts';
import { banText } from '../../../support/intent-text.ts';
import { makePass, worldOf } from '../../../support/pass.ts';
import { Pty } from '../../../support/pty.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('replay');

/** With two bans in its history, and a policy to try. */
async function fileWith(sandbox: Sandbox, policy: string): Promise<string> {
  sandbox.writePolicy('allow: [{ net: 192.0.2.0/24, note: office }]\n');
  sandbox.drop('web1', banText('203.0.113.7'));
  sandbox.drop('web2', banText('192.0.2.9'));
  await makePass(worldOf(sandbox));
  const file = join(sandbox.folder, 'new.yaml');
  writeFileSync(file, policy);
  return file;
}

test('tells whom another policy would have let in and banned since then, and changes nothing', async () => {
  await using sandbox = await Sandbox.open();
  const file = await fileWith(sandbox, 'allow: [{ net: 203.0.113.0/24, note: customer }]\n');

  const { code, stdout, stderr } = await sandbox.cli('replay', '--policy', file, '--since', '2h');

  assert.is(code, 0, stderr);
  assert.match(stdout, /^banned: 1 address \(0\) for 0\.\d h /m);
  assert.match(stdout, /^203\.0\.113\.7 .* sshd +web1 +allow 203\.0\.113\.0\/24 \(customer\)$/m);
  assert.match(stdout, /^192\.0\.2\.9 .* sshd +web2 +without allow 192\.0\.2\.0\/24 \(office\)$/m);
  assert.match(stderr, /warning: the history begins at /);
  assert.match(
    stderr,
    /warning: 192\.0\.2\.9 would have been banned, and the present policy allows 192\.0\.2\.0\/24: /,
  );
});

test('compares with the policy that is named, in JSON too', async () => {
  await using sandbox = await Sandbox.open();
  const file = await fileWith(
    sandbox,
    'deny: [{ net: 198.51.100.0/24 }]\nlists: [{ name: drop, file: drop.txt }]\n',
  );

  const { stdout, stderr } = await sandbox.cli('replay', '--policy', file, '--against', file, '--json');

  const { version, letIn, banned, endangered } = JSON.parse(stdout) as Record<string, unknown>;
  assert.equal([version, letIn, banned, endangered], [1, NONE, NONE, []]);
  assert.match(stderr, /warning: lists are not in git: those of .*new\.yaml are not replayed$/m);
});

const NONE = { total: 0, addresses: [] };

test('refuses a policy with mistakes, and a state without a history', async () => {
  await using sandbox = await Sandbox.open();
  const file = await fileWith(sandbox, 'deny: [{ nett: 198.51.100.0/24 }]\n');
  await using empty = await Sandbox.open();
  mkdirSync(empty.state);
  writeFileSync(file.replace('new', 'good'), '{}\n');

  const mistaken = await sandbox.cli('replay', '--policy', file);
  const none = await empty.cli('replay', '--policy', file.replace('new', 'good'));

  assert.equal([mistaken.code, mistaken.stdout], [2, '']);
  assert.match(mistaken.stderr, /new\.yaml:1:\d+: .*net/);
  assert.is(none.code, 1);
  assert.match(
    none.stderr,
    /^banspool: error: there is no history in .*\nbanspool: hint: the first pass begins it/,
  );
});

test('shows at once that it works, and ends with Ctrl-C', async () => {
  await using sandbox = await Sandbox.open();
  const file = await fileWith(sandbox, '{}\n');
  const programs = join(sandbox.folder, 'programs');
  mkdirSync(programs);
  // The slowest git there is.
  writeFileSync(
    join(programs, 'git'),
    '#!/bin/sh\ncase " $* " in *" diff-tree "*) exec sleep 60 ;; esac\nexec /usr/bin/git "$@"\n',
  );
  chmodSync(join(programs, 'git'), 0o755);
  sandbox.drop('web1', banText('203.0.113.8'));
  await makePass(worldOf(sandbox));
  const words = sandbox.command('replay', '--policy', file).join(' ');
  await using terminal = new Pty(words, { PATH: `${programs}:${process.env['PATH'] ?? ''}` });

  await eventually(() => {
    assert.match(terminal.output, /\rreplayed 0 of \d commits?/);
  });
  terminal.type('\u0003');

  assert.is(await terminal.ended, 130);
  assert.match(terminal.output, /\r\u001b\[K/);
});

test.run();
