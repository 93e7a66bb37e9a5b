import { writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('import');

test('has the controller enforce what is listed, once, and says how to lift it', async () => {
  await using sandbox = await Sandbox.open();
  const file = join(sandbox.folder, 'bans.txt');
  writeFileSync(file, '203.0.113.7\n203.0.113.8\n10.0.0.1\nnonsense\n');
  await sandbox.startController();

  const ran = await sandbox.cli('import', file, '--for', 'never', '--note', 'from csf');
  const again = await sandbox.cli('import', file, '--for', 'never');
  const why = await sandbox.cli('why', '203.0.113.7', '--json');

  assert.equal([ran.code, again.code], [0, 0], ran.stderr);
  assert.match(ran.stderr, '2 are new in the jail imported\nbanspool: 2 of 2 are enforced\n');
  assert.match(
    again.stderr,
    '0 are new in the jail imported, 2 are there already\nbanspool: 2 of 2 are enforced\n',
  );
  assert.match(ran.stderr, 'banspool unban --all --yes --server local --jail imported\n');
  const { wanted, claims } = JSON.parse(why.stdout) as Record<string, unknown>;
  assert.is(wanted, 'dropped');
  assert.match(JSON.stringify(claims), /"until":null.*from csf.*"ports":"all"/);
});

test('that is tried, or cannot be read, writes nothing', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  const file = join(sandbox.folder, 'bans.txt');
  writeFileSync(file, '203.0.113.7\n');
  writeFileSync(`${file}.bad`, 'foo\nbar\n');

  const dry = await sandbox.cli('import', file, '--dry-run');
  const bad = await sandbox.cli('import', `${file}.bad`);
  const format = await sandbox.cli('import', file, '--format', 'xml');
  const there = existsSync(join(sandbox.spool, 'local'));
  const unheard = await sandbox.cli('import', file);

  assert.match(
    dry.stderr,
    '1 is new in the jail imported\nbanspool: nothing was written: this is a dry run\n',
  );
  assert.match(bad.stderr, 'bans.txt.bad has no address that can be read: line 1 is "foo"\n');
  assert.match(format.stderr, /argument 'xml' is invalid/);
  assert.equal([dry.code, bad.code, format.code, there], [0, 1, 2, false]);
  assert.match(unheard.stderr, 'banspool: 1 ban in the spool; no pass is due: ');
  assert.is(sandbox.waiting().length, 1);
});

test.run();
