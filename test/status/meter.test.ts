import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { Chronicle } from '../../src/status/chronicle.ts';
import { Meter } from '../../src/status/meter.ts';
import { eventually } from '../support/eventually.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText } from '../support/intent-text.ts';
import { outputOf } from '../support/run-program.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';

const test = suite('the controller');

test('writes its metrics for Prometheus, and goes on writing them when nothing happens', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.startController();
  await untilDropped('198.51.100.7');
  const path = join(sandbox.folder, 'banspool.prom');
  const read = (): string => readFileSync(path, 'utf8');
  await eventually(() => {
    assert.match(read(), /^banspool_bans 1$/m);
  });
  const first = read();

  // It writes every 5 s, when it has looked at the spool, and it does so every 2 s.
  sandbox.dropInPlace('web1', 'intent: ban\n');
  await eventually(() => {
    assert.match(read(), /^banspool_spool_files\{server="web1"\} 1$/m);
  });

  assert.match(first, /^banspool_converged 1$/m);
  assert.match(first, /^banspool_ban_latency_seconds_count 1$/m);
  assert.match(first, /^banspool_banned_total\{server="web1"\} 1$/m);
  assert.match(first, /^banspool_server_claims\{server="web1"\} 1$/m);
  assert.match(first, /^banspool_jail_bans\{jail="sshd",family="ipv4"\} 1$/m);
  assert.match(first, /^banspool_build_info\{version="\d.*",node="\d.*"\} 1$/m);
  assert.match(first, /^banspool_intents_total\{server="web1"\} 1$/m);
  assert.match(first, /^banspool_last_commit_timestamp_seconds \d+/m);
  assert.is.not(/^banspool_updated.*$/m.exec(read())?.[0], /^banspool_updated.*$/m.exec(first)?.[0]);
});

test('measures its peers, of which it holds what they claim', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  fleet.at('fw2').drop('web1', banText('198.51.100.7'));
  fleet.at('fw2').drop('web2', banText('198.51.100.7'));
  await fleet.exchange('fw2', 'fw1');
  await fleet.at('fw1').startController();

  await eventually(() => {
    const text = readFileSync(join(fleet.at('fw1').folder, 'banspool.prom'), 'utf8');
    assert.match(text, /^banspool_peer_heard_timestamp_seconds\{peer="fw2"\} \d+/m);
    assert.match(text, /^banspool_peer_claims\{peer="fw2"\} 2$/m);
    assert.match(text, /^banspool_peer_refused\{peer="fw2"\} 0$/m);
  });
});

test('counts what it refused by its kind, and drift by who made it', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.startController();
  await untilDropped('198.51.100.7');

  sandbox.drop('web1', 'not a mapping\n...\n');
  await outputOf(['iptables', '-F', 'fail2ban-sshd']);

  await eventually(() => {
    const text = readFileSync(join(sandbox.folder, 'banspool.prom'), 'utf8');
    assert.match(text, /^banspool_refused_by_code_total\{code="not-a-mapping"\} 1$/m);
    assert.match(text, /^banspool_drift_by_program_total\{program="iptables"\} 1$/m);
  });
});

test('has at most 201 series of jails in each family, however many jails servers invent', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  const drops = Array.from({ length: 300 }, (_, index) => ({
    ...{ jail: `jail${index}`, family: 'ipv4' as const, packets: 1, bytes: 40 },
  }));
  const firewall = Object.assign(memory.firewall, { jailDrops: () => drops });

  await new Meter(world, new Chronicle(world, memory), { ...memory, firewall }).write();

  const lines = readFileSync(join(sandbox.folder, 'banspool.prom'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('banspool_dropped_packets_total'));
  assert.is(lines.length, 201);
  assert.is(lines.at(-1), 'banspool_dropped_packets_total{jail="other",family="ipv4"} 100');
});

test('goes on without metrics where their file cannot be written, and says so once', async () => {
  await using sandbox = await Sandbox.open({ config: { metrics: '/proc/no/such.prom' } });
  const controller = await sandbox.startController();

  sandbox.drop('web1', banText('198.51.100.7'));
  await untilDropped('198.51.100.7');

  assert.is(controller.stderr.split('cannot write /proc/no/such.prom').length - 1, 1);
});

test.run();
