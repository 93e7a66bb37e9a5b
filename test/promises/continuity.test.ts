/** Promise 5: what is banned stays banned, packet by packet, whatever happens to the controller. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { steady } from '../../src/system/host.ts';
import { Lab } from '../lab/lab.ts';
import { enter, FIREWALL } from '../lab/topology.ts';
import { eventually } from '../support/eventually.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText, intentText, snapshotText, unbanText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped, watchLetThrough } from '../support/until-dropped.ts';

const test = suite('a banned address');

/** Some 2,000 datagrams a second, for as long as it runs. */
const STREAM = `
  const socket = require('node:dgram').createSocket('udp4');
  setInterval(() => {
    for (let count = 0; count < 4; count += 1) socket.send('x', 9, '203.0.113.11', () => undefined);
  }, 2);`;

const firewall = { enter: enter(FIREWALL) };

/** Rules of filter are counted, which get nothing to count behind early drops: of those, early.test.ts tells. */
const config = { early: 'false' };

test('gets no packet through while the controller is killed, restarted, reloaded and busy', async () => {
  await using lab = await Lab.build();
  await using sandbox = await Sandbox.open({ ...firewall, config });
  // Whatever comes this far came past our chains.
  await iptables(['-A', 'FORWARD', '-p', 'udp', '-j', 'ACCEPT'], firewall);
  sandbox.drop('web1', banText(lab.attacker.site.ipv4, { protocol: 'all', ports: 'all', bantime: -1 }));
  let controller = await sandbox.startController();
  await using stream = lab.spawn(lab.attacker.site.name, [process.execPath, '-e', STREAM]);
  await eventually(async () => {
    assert.ok((await packets('-j DROP')) > 100, stream.stderr);
  });

  await controller.stop('SIGKILL');
  controller = await sandbox.startController();
  await controller.stop('SIGTERM');
  await sandbox.cli('reconcile');
  controller = await sandbox.startController();
  controller.process.kill('SIGHUP');
  // So many that the chain is written anew, and then again when they go.
  const others = Array.from({ length: 300 }, (_, host) => `192.0.2.${host % 256}`);
  for (const ip of new Set(others)) sandbox.drop('web1', banText(ip));
  await drained(sandbox);
  for (const ip of new Set(others)) sandbox.drop('web1', unbanText(ip));
  await drained(sandbox);
  const now = Date.now() / 1000;
  sandbox.drop('web1', intentText({ intent: 'flush', time: now }));
  sandbox.drop('web1', intentText({ intent: 'stop', time: now + 1 }));
  await drained(sandbox);
  const dropped = await packets('-j DROP');
  await eventually(async () => {
    assert.ok((await packets('-j DROP')) > dropped, 'the stream ended too early');
  });

  assert.is(await packets('-p udp'), 0, 'packets came through');
});

test('gets no packet through while its chain becomes a set, the set a larger one, and that rules again', async () => {
  await using lab = await Lab.build();
  await using sandbox = await Sandbox.open({ ...firewall, config });
  await iptables(['-A', 'FORWARD', '-p', 'udp', '-j', 'ACCEPT'], firewall);
  const attacker = banText(lab.attacker.site.ipv4, { protocol: 'all', ports: 'all', bantime: -1 });
  sandbox.drop('web1', attacker);
  await sandbox.startController();
  await using stream = lab.spawn(lab.attacker.site.name, [process.execPath, '-e', STREAM]);
  await eventually(async () => {
    assert.ok((await packets('-j DROP')) > 100, stream.stderr);
  });

  const crowd = (count: number): string =>
    snapshotText(
      Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}`),
      { protocol: 'all', ports: 'all' },
    );
  sandbox.drop('web2', crowd(1_100));
  await drained(sandbox);
  await shrink('fail2ban-sshd', 1_500);
  for (const count of [1_400, 10]) {
    sandbox.drop('web2', crowd(count));
    await drained(sandbox);
  }

  const dropped = await packets(`-s ${lab.attacker.site.ipv4}/32`);
  await eventually(async () => {
    assert.ok((await packets(`-s ${lab.attacker.site.ipv4}/32`)) > dropped, 'the stream ended too early');
  });
  assert.is(await packets('-p udp'), 0, 'packets came through');
});

test('stays banned when a file of the state is missing, and is let go when that was committed', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const ban = '-A fail2ban-sshd -s 198.51.100.7/32 -j DROP';
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(world);

  rmSync(join(sandbox.state, 'claims/ipv4/198.yaml'));
  const whileMissing = await sandbox.cli('reconcile');
  const rulesWhileMissing = await iptablesRules();
  await sandbox.git('commit', '--quiet', '--all', '--message', 'Lift what begins with 198');
  await makePass(world);

  assert.is(whileMissing.code, 4);
  assert.match(whileMissing.stderr, 'claims/ipv4/198.yaml is missing, but git has it');
  assert.ok(rulesWhileMissing.includes(ban));
  assert.not.ok((await iptablesRules()).includes(ban));
});

test('stays banned when another process, such as the timer’s, took the ban in beside the controller', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const [controller, timer] = [freshMemory(world), freshMemory(world)];
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(world, controller);
  sandbox.drop('web1', banText('198.51.100.8'));
  await makePass(world, timer);
  // As the kernel tells it: the controller did not make this change.
  controller.firewall.drift.heard({
    family: 'ipv4',
    added: [],
    deleted: [],
    chains: [],
    program: 'iptables-nft-re',
    pid: 1,
  });
  sandbox.drop('web1', banText('198.51.100.9'));

  const pass = await makePass(world, controller, 'quick');

  const kinds = pass.changes.flatMap(({ changes }) => changes).map(({ kind }) => kind);
  assert.equal([kinds, pass.drift.flatMap(({ changes }) => changes), pass.more], [['insert'], [], false]);
  assert.is((await iptablesRules()).filter((rule) => rule.includes('-j DROP')).length, 3);
});

test('stays banned when the clock is set back', async () => {
  await using sandbox = await Sandbox.open();
  let clock = Date.now();
  const world = worldOf(sandbox, { now: () => clock, steady });
  sandbox.drop('web1', banText('198.51.100.7', { time: clock / 1000 }));
  await makePass(world);

  clock -= 365 * 24 * 3600 * 1000;
  const pass = await makePass(world);

  assert.equal(pass.problems, []);
  assert.ok((await iptablesRules()).includes('-A fail2ban-sshd -s 198.51.100.7/32 -j DROP'));
});

test('is let go at the end of its time, to the second', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  const start = Date.now();
  sandbox.drop('web1', banText('198.51.100.7', { time: start / 1000, bantime: 4 }));
  await untilDropped('198.51.100.7');

  const { after, before } = await watchLetThrough('198.51.100.7');

  const life = `it was let go after ${after - start} to ${before - start} ms`;
  assert.ok(before - start >= 4_000 && after - start < 5_000, life);
});

async function packets(words: string): Promise<number> {
  const rules = await iptablesRules({ ...firewall, counters: true });
  const rule = rules.find(
    (line) => line.startsWith('-A') && line.includes(words) && !line.includes('-j fail2ban'),
  );
  return Number(/ -c (\d+) /.exec(rule ?? '')?.[1] ?? Number.NaN);
}

/** Has the set in one that holds so many at the most, as it would stand if it had been made for few. */
async function shrink(set: string, capacity: number): Promise<void> {
  const listing = await outputOf([...firewall.enter, 'ipset', 'list', set]);
  const [, members = ''] = listing.split('Members:\n');
  const lines = [
    `create small hash:net family inet maxelem ${capacity} timeout 0 counters`,
    ...members
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `add small ${line}`),
    `swap small ${set}`,
    'destroy small',
  ];
  await outputOf([...firewall.enter, 'ipset', 'restore'], { input: `${lines.join('\n')}\n` });
}

async function drained(sandbox: Sandbox): Promise<void> {
  await eventually(() => {
    assert.equal(sandbox.waiting(), []);
  }, 15_000);
}

test.run();
