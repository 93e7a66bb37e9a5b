/** Nobody is to ban himself unnoticed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram, type Ran } from '../../support/run-program.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('an operator who came by ssh');

const ME = '203.0.113.7';
const NET = '203.0.113.0/24';

/** As sshd says from where a session came. */
const SESSION = { SSH_CONNECTION: `${ME} 50022 192.0.2.1 22`, SSH_CLIENT: `${ME} 50022 22` };

async function asOperator(sandbox: Sandbox, ...words: readonly string[]): Promise<Ran> {
  return runProgram(sandbox.command(...words), { env: SESSION });
}

test('is not let ban his own network, unless he forces it', async () => {
  await using sandbox = await Sandbox.open();

  const refused = await asOperator(sandbox, 'ban', NET);
  const waiting = sandbox.waiting();
  const other = await asOperator(sandbox, 'ban', '198.51.100.0/24');
  const forced = await asOperator(sandbox, 'ban', NET, '--force');

  assert.is(refused.code, 1);
  assert.match(
    refused.stderr,
    `banspool: error: a ban of ${NET} drops ${ME}, from which you are logged in\nbanspool: hint: use --confirm 2m`,
  );
  assert.equal(waiting, []);
  assert.equal([other.code, forced.code], [0, 0], forced.stderr);
});

test('is known though sudo dropped the variable that tells it: a process above has it still', async () => {
  await using sandbox = await Sandbox.open();
  const sudo = ['sh', '-c', 'env -u SSH_CONNECTION -u SSH_CLIENT "$@"; exit $?', 'sh'];

  const ran = await runProgram([...sudo, ...sandbox.command('ban', NET)], { env: SESSION });

  assert.is(ran.code, 1, ran.stderr);
  assert.match(ran.stderr, `drops ${ME}, from which you are logged in`);
});

test('may ban it where the policy allows his address, or it is dropped already', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy(`allow:\n  - { net: ${ME} }\n`);

  const allowed = await asOperator(sandbox, 'ban', NET);
  writeFileSync(join(sandbox.state, 'policy.yaml'), '{}\n');
  await sandbox.cli('ban', NET);
  const again = await asOperator(sandbox, 'ban', ME);

  assert.equal([allowed.code, again.code], [0, 0], allowed.stderr + again.stderr);
});

test.run();
