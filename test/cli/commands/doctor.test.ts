import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isUserNamespace } from '../../support/namespaces.ts';
import { outputOf, runProgram } from '../../support/run-program.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('an operator');

test('who is neither root nor the owner of the state hears from doctor as whom to run it, and of no faults', async () => {
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
      'banspool: error: doctor looks with the rights of the controller, and this user has others\nbanspool: hint: run it as root\n',
  });
});

test.run();
