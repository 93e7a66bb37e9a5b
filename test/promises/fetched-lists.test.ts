/** A list from the network, from the policy to a rule: the controller orders, the fetcher fetches, a rule drops. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { Sandbox } from '../support/sandbox.ts';
import { WebServer } from '../support/web-server.ts';

const test = suite('lists from the network');

const CHAIN = 'fail2ban-.list.drop';

test('are dropped once they are fetched, and stay where their server fails', async () => {
  await using sandbox = await Sandbox.open();
  using server = await WebServer.open((response) => response.end('9.9.9.0/24\n10.0.0.0/8\n'));
  sandbox.writePolicy(
    `lists:\n  - { name: drop, url: "${server.url('/drop.txt?key=1')}", insecure: true }\n`,
  );
  await sandbox.startController();
  const orders = join(sandbox.folder, 'fetch.json');
  const dropped = async (): Promise<readonly string[]> =>
    (await iptablesRules()).filter((rule) => rule.startsWith(`-A ${CHAIN} -s `));

  await eventually(() => {
    assert.ok(existsSync(orders));
  });
  const fetched = await sandbox.cli('fetch');
  assert.is(fetched.code, 0, fetched.stderr);
  await eventually(async () => {
    assert.equal(await dropped(), [`-A ${CHAIN} -s 9.9.9.0/24 -j DROP`]);
  });
  server.answer = (response) => response.writeHead(500).end();
  const failed = await sandbox.cli('fetch', '--now');
  const doctor = await sandbox.cli('doctor');

  assert.is(failed.code, 1);
  assert.match(
    doctor.stdout,
    /warn +the list drop cannot be fetched: 127\.0\.0\.1:\d+: the server answered 500/,
  );
  assert.equal(await dropped(), [`-A ${CHAIN} -s 9.9.9.0/24 -j DROP`]);
  sandbox.writePolicy('lists: []\n');
  await eventually(async () => {
    assert.equal([existsSync(orders), await dropped()], [false, []]);
  });
});

test.run();
