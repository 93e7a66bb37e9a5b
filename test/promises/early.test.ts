/** With `early: true`: what is banned on all ports is dropped ahead of connection tracking, as surely as after it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import type { Pass } from '../../src/pass/pass.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { Lab } from '../lab/lab.ts';
import { enter, FIREWALL } from '../lab/topology.ts';
import { eventually } from '../support/eventually.ts';
import { ipset, iptables, iptablesRules, setMembers } from '../support/firewall.ts';
import { banText, snapshotText, unbanText } from '../support/intent-text.ts';
import { countPlanned, makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { PACKET_BYTES, sendPackets } from '../support/send-packets.ts';

const test = suite('early drops');

const ALL = { protocol: 'all', ports: 'all' } as const;
const IP = '203.0.113.7';
const IN_SET = '-A fail2ban-.early -m set --match-set fail2ban-sshd src -j DROP';
const JUMP = '-A PREROUTING -j fail2ban-.early';

for (const variant of ['nft', 'legacy'] as const) {
  const raw = { variant, name: 'raw' };

  test(`come ahead of connection tracking, are counted for their jail, and end with the ban (${variant})`, async () => {
    await using sandbox = await Sandbox.open({ config: { iptables: variant, early: 'true' } });
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    sandbox.drop('web1', banText(IP, ALL));
    sandbox.drop('web1', banText('203.0.113.8'));

    const first = await makePass(world, memory);
    await sendPackets(IP, 3);
    await makePass(world, memory);
    const rules = await iptablesRules({ ...raw, counters: true });
    const inFilter = await iptablesRules({ variant, counters: true });
    const left = await countPlanned(world);
    const [drops] = memory.firewall.jailDrops().filter(({ jail }) => jail === 'sshd');
    const nets = [...memory.firewall.netDrops()];
    sandbox.drop('web1', unbanText(IP));
    const ended = await makePass(world, memory);

    assert.equal(first.problems, []);
    assert.ok(
      rules.some((rule) => rule.includes(`-c 3 ${3 * PACKET_BYTES.ipv4} -j DROP`)),
      rules.join('\n'),
    );
    assert.ok(inFilter.some((rule) => /^-A fail2ban-sshd -m set .* -c 0 0 -j DROP$/.test(rule)));
    assert.is(left, 0);
    assert.is(drops?.packets, 3);
    assert.equal(
      nets.map(({ ip, packets }) => [ip, packets]),
      [[IP, 3]],
    );
    assert.equal(ended.problems, []);
    assert.equal(
      (await iptablesRules(raw)).filter((rule) => rule.includes('fail2ban')),
      [],
    );
  });

  test(`leave rules of others as they are, stand ahead of them, and are gone once nobody asks for them (${variant})`, async () => {
    await using sandbox = await Sandbox.open({ config: { iptables: variant, early: 'true' } });
    await iptables(
      ['-t', 'raw', '-A', 'PREROUTING', '-p', 'udp', '--dport', '53', '-j', 'CT', '--notrack'],
      raw,
    );
    const theirs = await iptablesRules(raw);
    sandbox.drop('web1', banText(IP, ALL));

    await makePass(worldOf(sandbox));
    const with_ = await iptablesRules(raw);
    sandbox.configure({ iptables: variant, early: 'false' });
    const memory = freshMemory(worldOf(sandbox));
    await makePass(worldOf(sandbox), memory);
    const without = await iptablesRules(raw);
    sandbox.configure({ iptables: variant, early: 'true', mode: 'observe' });
    await makePass(worldOf(sandbox));

    const jump = with_.indexOf(JUMP);
    assert.ok(jump >= 0 && jump < with_.findIndex((rule) => rule.endsWith('--notrack')), with_.join('\n'));
    assert.ok(with_.includes(IN_SET));
    assert.equal(without, theirs);
    assert.ok((await iptablesRules({ variant })).every((rule) => !rule.includes('fail2ban')));
    assert.equal(await iptablesRules(raw), theirs);
  });

  test(`of somebody’s own rule into a set of ours outlive its swaps, and keep the set when we let go of it (${variant})`, async () => {
    await using sandbox = await Sandbox.open({ config: { iptables: variant, backend: 'ipset' } });
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    sandbox.drop('web1', banText(IP, ALL));
    await makePass(world, memory);
    const own = ['PREROUTING', '-m', 'set', '--match-set', 'fail2ban-sshd', 'src', '-j', 'DROP'];
    await iptables(['-t', 'raw', '-A', ...own], raw);
    const theirs = await iptablesRules(raw);

    await ipset(
      'create other hash:net family inet maxelem 2 timeout 0 counters',
      'swap other fail2ban-sshd',
      'destroy other',
    );
    const swapped = await makePass(world, memory);
    await sendPackets(IP, 2);
    const counted = await iptablesRules({ ...raw, counters: true });
    sandbox.drop('web1', unbanText(IP));
    const ended = await makePass(world, memory);

    assert.equal(swapped.problems, []);
    assert.ok(
      counted.some((rule) => rule.includes(`-c 2 ${2 * PACKET_BYTES.ipv4} -j DROP`)),
      counted.join('\n'),
    );
    assert.equal(
      ended.problems.map(({ condition, reason }) => `${condition} ${reason}`),
      ['SetsUsable InUse'],
    );
    assert.equal(await setMembers('fail2ban-sshd'), [IP]);
    assert.equal(await iptablesRules(raw), theirs);
    await iptables(['-t', 'raw', '-D', ...own], raw);
    assert.equal((await makePass(world, memory)).problems, []);
    assert.is(await setMembers('fail2ban-sshd'), undefined);
  });
}

for (const variant of ['nft', 'legacy'] as const) {
  test(`let by who is allowed, from the pass on that reads it (${variant})`, async () => {
    await using sandbox = await Sandbox.open({ config: { iptables: variant, early: 'true' } });
    const memory = freshMemory(worldOf(sandbox));
    const deny = 'deny:\n  - { net: 203.0.113.0/24, note: them }\n';
    sandbox.writePolicy(deny);
    await makePass(worldOf(sandbox), memory);
    await sendPackets(IP, 1);
    sandbox.writePolicy(`${deny}allow:\n  - { net: ${IP}, note: us }\n`);

    await makePass(worldOf(sandbox), memory, 'quick');
    await sendPackets(IP, 3);

    const rules = await iptablesRules({ variant, name: 'raw', counters: true });
    const counted = rules.filter((rule) => rule.startsWith('-A fail2ban-.early '));
    assert.equal(
      counted.slice(0, 2).map((rule) => / -c (\d+) \d+ -j (\w+)/.exec(rule)?.slice(1).join(' ')),
      ['3 RETURN', '1 DROP'],
    );
  });
}

test('keep no ban from its chain where the table raw takes no rules, which is told once', async () => {
  await using sandbox = await Sandbox.open({ config: { early: 'true', families: '[ipv4]' } });
  const real = await worldOf(sandbox).openFirewall();
  let refused = 0;
  const restore: typeof real.restore = async (family, text) => {
    if (!text.startsWith('*raw\n')) return real.restore(family, text);
    refused += 1;
    throw new BanspoolError('command-failed', 'unable to initialize table raw');
  };
  const world = worldOf(sandbox, { openFirewall: () => Promise.resolve({ ...real, restore }) });
  const memory = freshMemory(world);
  const kinds = ['full', 'quick', 'full'] as const;
  const passes: Pass[] = [];
  for (const [at, kind] of kinds.entries()) {
    sandbox.drop('web1', banText(`203.0.113.${at}`, ALL));
    passes.push(await makePass(world, memory, kind));
  }

  for (const { problems, drift } of passes) {
    assert.equal([problems.length, drift.flatMap(({ changes }) => changes)], [1, []]);
    assert.match(problems[0]?.message ?? '', /the table raw takes no rules .*; fix: .*early: false$/);
  }
  assert.is(refused, 1);
  assert.equal(
    await setMembers('fail2ban-sshd'),
    kinds.map((_, at) => `203.0.113.${at}`),
  );
});

test('that another program flushes come back at once, with its name in the log', async () => {
  await using sandbox = await Sandbox.open({ config: { early: 'true' } });
  sandbox.drop('web1', banText(IP, ALL));
  const controller = sandbox.spawnController();
  const stand = async (): Promise<void> => {
    const rules = await iptablesRules({ name: 'raw' });
    for (const rule of [JUMP, IN_SET]) assert.ok(rules.includes(rule), rules.join('\n'));
  };
  await eventually(async () => {
    await stand();
    const watched = sandbox.status().conditions.find(({ type }) => type === 'DriftWatched');
    assert.is(watched?.status, 'True');
  }, 20_000);

  await iptables(['-t', 'raw', '-F']);

  await eventually(stand, 20_000);
  await eventually(() => {
    assert.match(controller.stderr, /drift: iptables\S* \(pid \d+\) emptied fail2ban-\.early/);
  }, 20_000);
});

const firewall = { enter: enter(FIREWALL) };

/** Some 2,000 datagrams a second, for as long as it runs. */
const STREAM = `
  const socket = require('node:dgram').createSocket('udp4');
  setInterval(() => {
    for (let count = 0; count < 4; count += 1) socket.send('x', 9, '203.0.113.11', () => undefined);
  }, 2);`;

/** Of the first rule with these words. */
async function packets(words: string, name = 'filter'): Promise<number> {
  const rules = await iptablesRules({ ...firewall, name, counters: true });
  const rule = rules.find((line) => line.startsWith('-A') && line.includes(words));
  return Number(/ -c (\d+) /.exec(rule ?? '')?.[1] ?? Number.NaN);
}

test('begin, end and change their sets without a packet that gets through', async () => {
  await using lab = await Lab.build();
  await using sandbox = await Sandbox.open(firewall);
  // Whatever comes this far came past our chains.
  await iptables(['-A', 'FORWARD', '-p', 'udp', '-j', 'ACCEPT'], firewall);
  const attacker = lab.attacker.site.ipv4;
  sandbox.drop('web1', banText(attacker, { ...ALL, bantime: -1 }));
  await sandbox.cli('reconcile');
  await using stream = lab.spawn(lab.attacker.site.name, [process.execPath, '-e', STREAM]);
  await eventually(async () => {
    assert.ok((await packets(`-s ${attacker}/32`)) > 100, stream.stderr);
  });
  const dropped = async (): Promise<void> => {
    const before = await packets('--match-set fail2ban-sshd', 'raw');
    await eventually(async () => {
      assert.ok(
        (await packets('--match-set fail2ban-sshd', 'raw')) > before + 100,
        'the stream ended too early',
      );
    });
  };

  sandbox.configure({ early: 'true' });
  await sandbox.cli('reconcile');
  await dropped();
  for (const count of [50_000, 10]) {
    const crowd = Array.from(
      { length: count },
      (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    );
    sandbox.drop('web2', snapshotText(crowd, ALL));
    await sandbox.cli('reconcile');
  }
  await dropped();
  sandbox.configure({ early: 'false' });
  await sandbox.cli('reconcile');
  await eventually(async () => {
    assert.ok((await packets(`-s ${attacker}/32`)) > 100, 'the stream ended too early');
  });

  assert.is(await packets('-p udp'), 0, 'packets came through');
});

test.run();
