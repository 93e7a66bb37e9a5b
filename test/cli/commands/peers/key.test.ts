import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePublicKey } from '../../../../src/domain/public-key.ts';
import { commandOf, openOfNobody } from '../../../support/of-nobody.ts';
import { NOBODY } from '../../../support/as-nobody.ts';
import { runProgram } from '../../../support/run-program.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('peers key');

test('prints one line that names this firewall, of a key that is made once', async () => {
  await using sandbox = await Sandbox.open();
  const key = join(sandbox.folder, 'key');
  sandbox.configure({ fleet: `{ name: fw1, key: ${key} }` });

  const [first, again] = [await sandbox.cli('peers', 'key'), await sandbox.cli('peers', 'key')];

  assert.is(first.code, 0, first.stderr);
  assert.match(first.stdout, /^ssh-ed25519 \S+ fw1\n$/);
  assert.is(parsePublicKey(first.stdout).kind, 'key');
  assert.is(first.stderr, `banspool: ${key} is created; keep it on this firewall\n`);
  assert.equal(again, { code: 0, stdout: first.stdout, stderr: '' });
  assert.is(readFileSync(`${key}.pub`, 'utf8'), first.stdout);
});

test('as root makes the key of whose the state is, who signs with it', async () => {
  await using sandbox = await openOfNobody();
  const key = join(sandbox.folder, 'fleet_key');
  sandbox.configure({ fleet: '{ name: fw1 }' });

  const ran = await sandbox.cli('peers', 'key');
  const passed = await runProgram([
    'sh',
    '-c',
    commandOf(sandbox, 'reconcile').replace(' banspool ', ` ${process.execPath} ${sandbox.program} `),
  ]);

  assert.is(ran.code, 0, ran.stderr);
  assert.equal([statSync(key).uid, statSync(key).mode & 0o777], [NOBODY.uid, 0o600]);
  assert.is(passed.code, 0, passed.stderr);
  assert.ok(statSync(join(sandbox.folder, 'fleet/out/peer.yaml.sig')).size > 0);
});

test('has no name to print where the config has no fleet', async () => {
  await using sandbox = await Sandbox.open();

  const ran = await sandbox.cli('peers', 'key');

  assert.equal([ran.code, ran.stdout], [2, '']);
  assert.match(ran.stderr, 'banspool: hint: add a line such as: fleet: { name: fw1 }\n');
});

test.run();
