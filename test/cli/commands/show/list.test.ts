import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../../../support/intent-text.ts';
import { makePass, worldOf } from '../../../support/pass.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('list');

test('prints nothing where nothing is banned, and what the policy lets through only in JSON, with why', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24 }\n');
  sandbox.drop('web1', banText('192.0.2.9'));
  await makePass(worldOf(sandbox));

  const [text, asJson] = [await sandbox.cli('list'), await sandbox.cli('list', '--json')];

  assert.equal(text, { code: 0, stdout: '', stderr: '' });
  assert.equal(JSON.parse(asJson.stdout), {
    version: 1,
    bans: [],
    ignored: [
      {
        ip: '192.0.2.9',
        jail: 'sshd',
        server: 'web1',
        why: 'inside 192.0.2.0/24, which is allowed: policy.yaml line 2',
      },
    ],
  });
});

test('names the first ports of many, and counts the others', async () => {
  await using sandbox = await Sandbox.open();
  const ports = Array.from({ length: 15 }, (_, index) => 1_001 + 2 * index).join(',');
  sandbox.drop('web1', banText('198.51.100.7', { ports: `"${ports}"`, bantime: -1 }));
  await makePass(worldOf(sandbox));

  const { stdout } = await sandbox.cli('list');

  assert.match(stdout, / 1001,1003,1005,1007,1009,1011\/tcp and 9 more {2}web1 .* {2}until unbanned\n$/);
});

test.run();
