import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makePass, worldOf } from '../../../support/pass.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('refused');

test('sends nothing that a terminal obeys, whatever a server called its file and wrote into it', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', 'intent: "\\e[31m\\u202e\\u2028"\n...\n', 'a\u001b[2J\nreason: forged\u202e.yaml');
  sandbox.drop('web1', 'intent: "\\e]0;x\\a\\u009b2J\\u2066"\n...\n', '1.yaml');
  await makePass(worldOf(sandbox));
  const folder = join(sandbox.rejected, 'web1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'b.yaml.reason'), 'reason: \u001b[31mx\u2029y\r\nfile: \u202e\n');

  const text = await sandbox.cli('refused');
  const asJson = await sandbox.cli('refused', '--json');

  assert.is(text.stdout.trimEnd().split('\n').length, 9);
  assert.not.match(
    `${text.stdout}${text.stderr}${asJson.stdout}`.replaceAll('\n', ''),
    /[\p{C}\p{Zl}\p{Zp}]/u,
  );
  assert.not.match(text.stdout, 'forged\n');
});

test('counts what made room for newer files', async () => {
  await using sandbox = await Sandbox.open();
  for (let number = 0; number < 1_002; number += 1) sandbox.drop('web1', 'x\n...\n', `${number}.yaml`);
  await sandbox.cli('reconcile');

  const { code, stdout, stderr } = await sandbox.cli('refused', 'web1', '--limit', '3');
  const asJson = await sandbox.cli('refused', '--limit', '1', '--json');

  assert.is(code, 0, stderr);
  assert.is(stdout.split('\n').length - 1, 9);
  assert.match(stderr, 'banspool: hint: these are the newest 3 of 1,000; --limit N shows more\n');
  assert.match(stderr, 'banspool: 2 older files of web1 made room for newer ones and are gone\n');
  const { refused, servers } = JSON.parse(asJson.stdout) as { refused: readonly unknown[]; servers: unknown };
  assert.is(refused.length, 1);
  assert.equal(servers, [{ server: 'web1', kept: 1000, discarded: 2 }]);
});

test.run();
