import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportPath } from '../../../../src/report/report-path.ts';
import { main } from '../../../../src/cli/main.ts';
import { HeardIo } from '../../heard-io.ts';
import { textOf } from '../../../report/text-of.ts';
import { eventually } from '../../../support/eventually.ts';
import { banText } from '../../../support/intent-text.ts';
import { isUserNamespace } from '../../../support/namespaces.ts';
import { openOfNobody } from '../../../support/of-nobody.ts';
import { worldOf } from '../../../support/pass.ts';
import { runProgram } from '../../../support/run-program.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('report');

test('writes a page of what is banned now into a file, and prints it where nobody looks on', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.cli('reconcile');
  const path = join(sandbox.folder, 'page.html');

  const made = await sandbox.cli('report', '--out', path);
  const printed = await sandbox.cli('report', '--utc');

  assert.equal([made.code, made.stdout], [0, ''], made.stderr);
  const page = readFileSync(path, 'utf8');
  assert.match(textOf({ text: page }), /All bans 1 .* 198\.51\.100\.7 sshd web1/);
  assert.not.match(page, /data-renewed/);
  assert.match(textOf({ text: printed.stdout }), /All bans 1 .* 198\.51\.100\.7 sshd web1 [\d-]+ [\d:]+ UTC/);
});

test('says what is wrong with a file that cannot be written', async () => {
  await using sandbox = await Sandbox.open();
  const path = join(sandbox.folder, 'none/page.html');

  const { code, stderr } = await sandbox.cli('report', '--out', path);

  assert.is(code, 1);
  assert.match(stderr, `banspool: error: cannot write ${path}: `);
});

test('tells on a terminal where the page of the controller is, or how to have one', async () => {
  await using sandbox = await Sandbox.open();
  const path = reportPath(worldOf(sandbox).config);
  const onTerminal = async (): Promise<HeardIo & { readonly code: number }> => {
    const io = new HeardIo({ width: 100 });
    return Object.assign(io, { code: await main(['report', '--config', sandbox.configPath], io) });
  };

  const before = await onTerminal();
  await sandbox.startController();
  await eventually(() => statSync(path));
  const after = await onTerminal();

  assert.is(before.code, 1);
  assert.match(before.stderr, `there is no page in ${path}`);
  assert.match(after.stdout, new RegExp(`^${path}  written (now|.* ago)\n$`));
  assert.match(after.stderr, /hint: open it in a browser/);
});

test('writes for root where root may, and looks as the owner of the state', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openOfNobody();
  sandbox.drop('web1', banText('198.51.100.7'));
  const path = join(sandbox.folder, 'root.html');
  writeFileSync(path, '', { mode: 0o600 });

  const { code, stderr } = await runProgram(sandbox.command('report', '--out', path));

  assert.is(code, 0, stderr);
  assert.match(readFileSync(path, 'utf8'), /All bans/);
  assert.is(statSync(path).uid, 0);
});

test.run();
