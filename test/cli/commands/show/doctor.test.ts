import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../../../src/domain/finding.ts';
import { banText } from '../../../support/intent-text.ts';
import { isUserNamespace } from '../../../support/namespaces.ts';
import { makePass, worldOf } from '../../../support/pass.ts';
import { outputOf, runProgram, type Ran } from '../../../support/run-program.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('doctor');

test('tells who is neither root nor the owner of the state as whom to run it, and of no faults', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await Sandbox.open();
  await sandbox.cli('reconcile');
  await outputOf(['chmod', '755', sandbox.folder]);
  const asNobody = ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups', '--'];

  const ran = await runProgram([...asNobody, ...sandbox.command('doctor')]);

  assert.equal(ran, {
    code: 1,
    stdout: '',
    stderr:
      'banspool: error: doctor needs the permissions of the controller, which this user lacks\nbanspool: hint: run it as root\n',
  });
});

test('ends with 1 where a finding is bad, in JSON as in text', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  const before = await sandbox.cli('doctor', '--json');
  rmSync(join(sandbox.state, '.git'), { recursive: true });

  const [text, asJson] = [await sandbox.cli('doctor'), await sandbox.cli('doctor', '--json')];

  const isBad = ({ stdout }: Ran): boolean =>
    (JSON.parse(stdout) as { findings: readonly Finding[] }).findings.some(({ level }) => level === 'bad');
  assert.equal([before.code, isBad(before)], [0, false], before.stdout);
  assert.equal([text.code, asJson.code, isBad(asJson)], [1, 1, true]);
  assert.match(text.stdout, /^bad {3}.*\n {6}fix: /m);
});

test.run();
