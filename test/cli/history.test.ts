import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { intentText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('history');

test('of an address tells of a claim that a person wrote without quotes', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  mkdirSync(join(sandbox.state, 'claims/ipv4'), { recursive: true });
  writeFileSync(
    join(sandbox.state, 'claims/ipv4/203.yaml'),
    '- { ip: 203.0.114.7, server: local, jail: manual, since: 2026-01-01T00:00:00Z, until: null }\n',
  );
  const pass = await makePass(worldOf(sandbox));

  const all = await sandbox.cli('history');
  const one = await sandbox.cli('history', '203.0.114.7');

  assert.equal(pass.problems, []);
  assert.match(one.stdout, / {2}ban 203\.0\.114\.7 in manual /);
  assert.equal(one, all);
});

test('of an address that nothing was heard of says so, and names a claimed net that it is in', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('local', intentText({ intent: 'ban', jail: 'manual', ip: '10.0.0.0/8', reason: 'abuse' }));
  await makePass(worldOf(sandbox));

  const inside = await sandbox.cli('history', '10.1.2.3');
  const unknown = await sandbox.cli('history', '192.0.2.77');
  const asJson = await sandbox.cli('history', '192.0.2.77', '--json');

  assert.equal(inside, {
    code: 0,
    stdout: '',
    stderr:
      'banspool: nothing in git about 10.1.2.3\n' +
      'banspool: 10.1.2.3 is inside 10.0.0.0/8 in manual: local claims it until unbanned, abuse; banspool history 10.0.0.0/8\n',
  });
  assert.equal(unknown, { code: 0, stdout: '', stderr: 'banspool: nothing in git about 192.0.2.77\n' });
  assert.equal([asJson.code, asJson.stderr], [0, '']);
  assert.equal(JSON.parse(asJson.stdout), {
    version: 1,
    events: [],
    repairs: [],
    policy: [],
    policyEdits: [],
  });
});

test.run();
