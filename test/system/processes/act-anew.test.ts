/** Root as it begins itself once more. How both end together, test/promises/root has. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NOBODY } from '../../support/as-nobody.ts';
import { isUserNamespace } from '../../support/namespaces.ts';
import { runProgram } from '../../support/run-program.ts';

const test = suite('root that acts as another');

const SOURCE = join(import.meta.dirname, '../../../src/system');

/** A program that begins itself anew as nobody, and there tells as whom it is at work and what it was given. */
const PROGRAM = `
  import { readFileSync } from 'node:fs';
  import { Given } from ${JSON.stringify(join(SOURCE, 'given.js'))};
  import { askAnewAs } from ${JSON.stringify(join(SOURCE, 'processes/act-anew.js'))};
  const given = new Given(process.env);
  const text = await given.read('name', async () => 'as root has it');
  if (process.geteuid() === 0) {
    const told = await askAnewAs(${JSON.stringify(NOBODY)}, given);
    console.log(JSON.stringify(told));
  } else {
    const ids = /^Uid:.*$/m.exec(readFileSync('/proc/self/status', 'utf8'))[0].split('\\t').slice(1, 3);
    process.stdout.write([...ids, process.getgroups().join(), text, process.argv[2]].join(' '));
    process.exitCode = 7;
  }`;

test('runs the same command with that user’s effective ids and groups, and hands over what it was given', async () => {
  // There is one user in a user namespace.
  if (isUserNamespace()) return;
  chmodSync('/run', 0o755);
  writeFileSync('/run/program.mjs', PROGRAM);

  const { stdout, stderr } = await runProgram([process.execPath, '/run/program.mjs', 'word']);

  assert.is(stderr, '');
  assert.equal(JSON.parse(stdout), { exitCode: 7, stdout: '0 65534 65534 as root has it word' });
});

test('fails without setpriv, and says what to install', async () => {
  if (isUserNamespace()) return;
  writeFileSync('/run/program.mjs', PROGRAM);
  const hidden = [
    'unshare',
    '--mount',
    'sh',
    '-ec',
    'mount --bind /dev/null "$(command -v setpriv)"; exec "$@"',
  ];

  const { stderr } = await runProgram([...hidden, 'sh', process.execPath, '/run/program.mjs']);

  assert.match(stderr, /cannot act as the user 65534: .*setpriv/);
  assert.match(stderr, /install setpriv \(package util-linux\)/);
});

test.run();
