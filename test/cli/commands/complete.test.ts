import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../../support/intent-text.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('banspool complete');

test('prints words that begin as what is typed, an address also in capital letters and behind an option', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('2001:db8:a::7'));
  sandbox.drop('web1', banText('203.0.113.7'));
  await sandbox.cli('reconcile');
  const answers = [];
  for (const words of [
    ['addresses', '--', '2001:DB8:A'],
    ['addresses'],
    ['jails', '--', '--jail=ss'],
    ['claimants', '--', '-x'],
  ])
    answers.push(await sandbox.cli('complete', ...withConfigFirst(sandbox, words)));

  assert.equal(
    answers.map(({ code, stdout, stderr }) => [code, stdout, stderr]),
    [
      [0, '2001:db8:a::7\n', ''],
      [0, '2001:db8:a::7\n203.0.113.7\n', ''],
      [0, 'sshd\n', ''],
      [0, '', ''],
    ],
  );
});

test('is silent about anything that is wrong, and no command that anybody is told of', async () => {
  await using sandbox = await Sandbox.open();
  writeFileSync(join(sandbox.folder, 'bad.yaml'), 'spol: /srv\n');

  const unknown = await sandbox.cli('complete', 'planets');
  const bad = await sandbox.cli(
    'complete',
    '--config',
    join(sandbox.folder, 'bad.yaml'),
    'servers',
    '--',
    '',
  );
  const help = await sandbox.cli('--help');

  for (const ran of [unknown, bad]) assert.equal(ran, { code: 0, stdout: '', stderr: '' });
  assert.not.match(help.stdout, 'complete');
});

/** What stands behind -- is no option, and the sandbox puts its config last. */
function withConfigFirst({ configPath }: Sandbox, words: readonly string[]): readonly string[] {
  return [
    '--config',
    configPath,
    ...words,
    ...(words.includes('--') ? [] : ['--']),
    ...(words.length === 1 ? [''] : []),
  ];
}

test.run();
