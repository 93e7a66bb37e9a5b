import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/controller/memory.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules, setMembers } from '../support/firewall.ts';
import { banText, snapshotText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { isDropped, untilDropped } from '../support/until-dropped.ts';

const test = suite('the spool');

const BURST = 2_000;

test('is read file by file, each once its end marker is there', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  const text = banText('198.51.100.7');

  const path = sandbox.dropInPlace('web1', text.slice(0, -5));
  sandbox.drop('web2', banText('198.51.100.8'));
  await untilDropped('198.51.100.8');
  const whileGrowing = await isDropped('198.51.100.7');
  appendFileSync(path, text.slice(-5));

  assert.not(whileGrowing);
  await untilDropped('198.51.100.7');
});

for (const name of ['.1795330538-1.yaml.Xa91bZ', '1795330538-1.yaml.Xa91bZ', '.1795330538-1.yaml', 'x.tmp']) {
  test(`may hold a sender's temporary file such as ${name}, which is left alone`, async () => {
    await using sandbox = await Sandbox.open();
    await sandbox.startController();

    sandbox.dropInPlace('web1', banText('198.51.100.7'), name);
    sandbox.drop('web2', banText('198.51.100.8'));
    await untilDropped('198.51.100.8');

    await eventually(() => {
      assert.equal(sandbox.waiting(), [`web1/${name}`]);
    });
    assert.not(await isDropped('198.51.100.7'));
  });
}

test('holds no more than 256 MiB of a server that never ends a file, while another’s ban goes on', async () => {
  await using sandbox = await Sandbox.open();
  for (let index = 0; index < 70; index += 1)
    truncateSync(sandbox.dropInPlace('web1', 'intent: ban\n'), 4 * 1024 * 1024);
  sandbox.drop('web2', banText('198.51.100.8'));

  const { code } = await sandbox.cli('reconcile');
  const status = await sandbox.cli('status');

  assert.is(code, 0);
  assert.is(sandbox.waiting().length, 64);
  assert.ok(await isDropped('198.51.100.8'));
  assert.is(status.code, 1);
  assert.match(
    status.stdout,
    'SpoolBounded is false (Overflow): web1 sends more than 50,000 files or 256 MiB at once: 6 files removed unread',
  );
});

test(`may take ${BURST} intents of ten servers at once: all are enforced, and the spool is empty`, async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  await sandbox.startController();
  const addresses = Array.from({ length: BURST }, (_, index) => `10.1.${index >> 8}.${index & 255}`);

  for (const [index, ip] of addresses.entries()) sandbox.drop(`web${index % 10}`, banText(ip));

  await eventually(() => {
    assert.equal([sandbox.status().bans, sandbox.waiting().length], [BURST, 0]);
  }, 30_000);
  const dropped = (await setMembers('fail2ban-sshd')) ?? [];
  assert.ok(
    (await iptablesRules()).includes('-A fail2ban-sshd -m set --match-set fail2ban-sshd src -j DROP'),
  );
  assert.equal(dropped, [...addresses].sort());
});

test('is watched on when a folder in it is removed and made again', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  sandbox.drop('web1', banText('198.51.100.7'));
  await untilDropped('198.51.100.7');

  rmSync(join(sandbox.spool, 'web1'), { recursive: true });
  mkdirSync(join(sandbox.spool, 'web1'));
  sandbox.drop('web1', banText('198.51.100.8'));
  await untilDropped('198.51.100.8');

  // Also without a bell a file is found within two seconds, so it is the quickest of some that tells.
  const times: number[] = [];
  for (let host = 10; host < 14; host += 1) {
    const since = performance.now();
    sandbox.drop('web1', banText(`198.51.100.${host}`));
    await untilDropped(`198.51.100.${host}`);
    times.push(performance.now() - since);
  }
  assert.ok(Math.min(...times) < 500, `the quickest of ${times.map(Math.round).join(', ')} ms`);
});

test('may itself be removed and made again', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();

  rmSync(sandbox.spool, { recursive: true });
  sandbox.drop('web1', banText('198.51.100.7'));

  await untilDropped('198.51.100.7');
});

test('may hold the snapshot of a server whose stale bans fill its limit: they end, and it is taken', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('limits: { default: { claims: 5 } }\n');
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  const time = Date.now() / 1000 - 60;
  for (let host = 1; host <= 5; host += 1)
    sandbox.drop('web1', banText(`198.51.100.${host}`, { bantime: -1, time }));
  await makePass(world, memory);

  sandbox.drop('web1', snapshotText(['203.0.113.7']));
  const pass = await makePass(world, memory);

  assert.equal([pass.refused, pass.bans], [[], 1]);
  assert.ok(await isDropped('203.0.113.7'));
});

test('gives up what it refuses to a place beside it, with the reason', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();

  const name = sandbox.drop('web1', banText('gateway.example.net'));

  await eventually(() => {
    assert.is(sandbox.status().refused, 1);
  });
  assert.equal(sandbox.waiting(), []);
  const { stdout } = await sandbox.cli('status', '--json');
  assert.match(stdout, /"refused": 1/);
  assert.match(
    readFileSync(join(sandbox.rejected, `web1/${name}.reason`), 'utf8'),
    /reason: ip: "gateway.example.net" is not/,
  );
});

test.run();
