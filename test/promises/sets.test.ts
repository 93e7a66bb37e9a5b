/** The ipset backend, on real sets: promises 1, 2 and 5 where a chain has more bans than rules are good for. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { openFirewall, type Tools } from '../../src/system/firewall/iptables.ts';
import { run } from '../../src/system/processes/run.ts';
import { countGenerations } from '../support/count-generations.ts';
import { ipset, iptables, iptablesRules, listSet, setMembers } from '../support/firewall.ts';
import { FakeFirewall } from '../support/fake-firewall.ts';
import { banText, snapshotText, unbanText } from '../support/intent-text.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { countPlanned, makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { printedSet } from '../support/printed-set.ts';

const test = suite('sets');

const DAY = 24 * 3600;

const hosts = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `198.51.${index >> 8}.${index & 255}`);

const IN_SET = '-A fail2ban-sshd -m set --match-set fail2ban-sshd src -j DROP';

test('hold a chain of more than 1,000 bans, and give it back to rules below', async () => {
  // Giving it back takes a transaction larger than a user namespace may send.
  if (isUserNamespace()) return;
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  sandbox.drop('web1', snapshotText(hosts(1000)));
  await makePass(world);
  const rules = await iptablesRules();

  sandbox.drop('web1', banText('203.0.113.7'));
  const over = await makePass(world);
  const asSet = await iptablesRules();
  const members = await setMembers('fail2ban-sshd');
  const again = await countGenerations(() => makePass(world));
  sandbox.drop('web1', unbanText('203.0.113.7'));
  await makePass(world);

  assert.equal(over.problems, []);
  assert.equal(over.sets, [{ name: 'fail2ban-sshd', members: 1001, capacity: 65_536 }]);
  assert.ok(asSet.includes(IN_SET));
  assert.not.ok(asSet.some((rule) => rule.includes('-s 198.51')));
  assert.equal(members, [...hosts(1000), '203.0.113.7'].sort());
  assert.is(again, 0);
  assert.equal((await iptablesRules()).toSorted(), rules.toSorted());
  assert.is(await setMembers('fail2ban-sshd'), undefined);
});

for (const iptablesVariant of ['nft', 'legacy'] as const) {
  test(`hold both families, allowed nets let out, and a second pass finds nothing to do (${iptablesVariant})`, async () => {
    await using sandbox = await Sandbox.open({ config: { backend: 'ipset', iptables: iptablesVariant } });
    const world = worldOf(sandbox);
    sandbox.writePolicy('allow:\n  - { net: 203.0.113.9 }\n');
    for (const ip of ['203.0.113.0/24', '198.51.100.7', '2001:db8::7', '64:ff9b::1.2.3.4'])
      sandbox.drop('web1', banText(`"${ip}"`));

    await makePass(world);

    const table = { variant: iptablesVariant };
    const rules = await iptablesRules(table);
    assert.equal(
      rules.filter((rule) => rule.startsWith('-A fail2ban')),
      ['-A fail2ban-sshd -s 203.0.113.9/32 -j RETURN', IN_SET, '-A fail2ban-sshd -j RETURN'],
    );
    assert.equal(await setMembers('fail2ban-sshd'), ['198.51.100.7', '203.0.113.0/24']);
    assert.ok(
      (await iptablesRules({ ...table, family: 'ipv6' })).includes(
        '-A fail2ban-sshd -m set --match-set fail2ban-sshd:6 src -j DROP',
      ),
    );
    assert.equal(await setMembers('fail2ban-sshd:6'), ['2001:db8::7', '64:ff9b::102:304']);
    assert.is(await countPlanned(world), 0);
  });
}

test('keep each ban for a while longer than the controller would, and one without an end for ever', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const world = worldOf(sandbox);
  sandbox.drop('web1', banText('198.51.100.1', { bantime: 600 }));
  sandbox.drop('web1', banText('198.51.100.2', { bantime: 300 * DAY }));
  sandbox.drop('web1', banText('198.51.100.3', { bantime: -1 }));

  await makePass(world);

  const timeouts = await timeoutsOf('fail2ban-sshd');
  assert.ok(Math.abs((timeouts.get('198.51.100.1') ?? 0) - 900) < 10);
  assert.ok(Math.abs((timeouts.get('198.51.100.2') ?? 0) - 2_147_483) < 10);
  assert.is(timeouts.get('198.51.100.3'), 0);
});

test('refresh a ban that outlasts the longest timeout, and correct what another program set', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const world = worldOf(sandbox);
  sandbox.drop('web1', banText('198.51.100.1', { bantime: 600 }));
  sandbox.drop('web1', banText('198.51.100.2', { bantime: 300 * DAY }));
  await makePass(world);
  await ipset(
    'add fail2ban-sshd 198.51.100.1 timeout 5 -exist',
    'add fail2ban-sshd 198.51.100.2 timeout 1000000 -exist',
  );

  const pass = await makePass(world);

  const timeouts = await timeoutsOf('fail2ban-sshd');
  assert.ok((timeouts.get('198.51.100.1') ?? 0) > 800);
  assert.ok((timeouts.get('198.51.100.2') ?? 0) > 2_000_000);
  assert.equal(pass.problems, []);
  assert.is(await countPlanned(world), 0);
});

test('follow bans that come, are prolonged and end, with nothing but what changed said to the kernel', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  let clock = Date.now();
  const said: string[] = [];
  const firewall = await openFirewall(run, 'nft');
  const { sets } = firewall;
  if (sets.kind === 'unusable') throw new Error(sets.reason);
  const listening = {
    ...sets,
    restore: (text: string) => {
      said.push(text);
      return sets.restore(text);
    },
  };
  const world = worldOf(sandbox, {
    now: () => clock,
    openFirewall: () => Promise.resolve({ ...firewall, sets: listening }),
  });
  const memory = freshMemory(world);
  const time = clock / 1000;
  sandbox.drop('web1', snapshotText(hosts(300), { time }));
  await makePass(world, memory);

  said.length = 0;
  sandbox.drop('web1', banText('203.0.113.7', { bantime: 60, time: time + 1 }));
  await makePass(world, memory, 'quick');
  sandbox.drop('web1', banText('203.0.113.7', { bantime: 90, time: time + 2 }));
  await makePass(world, memory, 'quick');
  clock += 100_000;
  const last = await makePass(world, memory, 'quick');

  assert.equal(said, [
    'add fail2ban-sshd 203.0.113.7 timeout 361\n',
    'add fail2ban-sshd 203.0.113.7 timeout 392\n',
    'del fail2ban-sshd 203.0.113.7\n',
  ]);
  assert.equal(last.problems, []);
  assert.is((await setMembers('fail2ban-sshd'))?.length, 300);
  assert.is(await countPlanned(world), 0);
});

test('make room before they are full, by a larger set that takes their place', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const world = worldOf(sandbox);
  sandbox.drop('web1', banText('198.51.100.1'));
  await makePass(world);
  // As it would be if it had been made for three.
  await ipset(
    'create fail2ban-sshd:t hash:net family inet maxelem 3 timeout 0',
    'swap fail2ban-sshd:t fail2ban-sshd',
    'destroy fail2ban-sshd:t',
  );

  sandbox.drop('web1', banText('198.51.100.2'));
  sandbox.drop('web1', banText('198.51.100.3'));
  const pass = await makePass(world);

  assert.equal(pass.problems, []);
  assert.equal(await setMembers('fail2ban-sshd'), ['198.51.100.1', '198.51.100.2', '198.51.100.3']);
  assert.match(await listSet('fail2ban-sshd'), 'maxelem 65536');
});

test('are filled again when another program emptied them, and drop what it put in', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  for (const ip of hosts(3)) sandbox.drop('web1', banText(ip));
  await makePass(world, memory);
  await ipset('flush fail2ban-sshd', 'add fail2ban-sshd 192.0.2.1', 'add fail2ban-sshd 192.0.2.2 nomatch');

  const pass = await makePass(world, memory);

  assert.equal(await setMembers('fail2ban-sshd'), hosts(3));
  assert.is(pass.drift[0]?.changes.length, 1);
  assert.is(await countPlanned(world), 0);
});

test('that are no longer needed go, those of other programs stay, and one in use elsewhere is told of', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'rules' } });
  const world = worldOf(sandbox);
  await ipset(
    'create fail2ban-old hash:ip',
    'create fail2ban-sshd:t hash:net',
    'create fail2ban-held hash:net',
    'create fail2ban-old:6 hash:net family inet6',
    'create blocklist hash:net',
    'add blocklist 192.0.2.1',
  );
  await iptables([
    '-t',
    'raw',
    '-A',
    'PREROUTING',
    '-m',
    'set',
    '--match-set',
    'fail2ban-held',
    'src',
    '-j',
    'DROP',
  ]);
  sandbox.drop('web1', banText('198.51.100.7'));

  const pass = await makePass(world);

  for (const set of ['fail2ban-old', 'fail2ban-sshd:t', 'fail2ban-old:6'])
    assert.is(await setMembers(set), undefined, set);
  assert.equal(await setMembers('blocklist'), ['192.0.2.1']);
  assert.equal(await setMembers('fail2ban-held'), []);
  assert.equal(
    pass.problems.map(({ condition, reason }) => `${condition} ${reason}`),
    ['SetsUsable InUse'],
  );
  await iptables(['-t', 'raw', '-F']);
});

test('are looked at again when ipset refuses a line, and come right in the same pass', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const fake = new FakeFirewall();
  const world = worldOf(sandbox, { openFirewall: () => Promise.resolve(fake) });
  const memory = freshMemory(world);
  for (const ip of hosts(3)) sandbox.drop('web1', banText(ip));
  fake.sets.failNextLine = 3;
  const made = await makePass(world, memory);
  for (const ip of hosts(3)) sandbox.drop('web1', unbanText(ip));
  for (const ip of hosts(6)) sandbox.drop('web1', banText(ip, { time: Date.now() / 1000 + 1 }));
  fake.sets.failNextLine = 2;
  const changed = await makePass(world, memory, 'quick');

  for (const pass of [made, changed]) assert.equal(pass.problems, []);
  const lines = (await printedSet(fake.sets, 'fail2ban-sshd'))
    .split('\n')
    .filter((line) => line.includes(' timeout 9'));
  assert.equal(lines.map((line) => line.split(' ', 1)[0]).sort(), hosts(6));
  assert.is(await countPlanned(world), 0);
});

test('take the place of rules where the backend is changed, and the other way round', async () => {
  await using sandbox = await Sandbox.open();
  for (const ip of hosts(3)) sandbox.drop('web1', banText(ip));
  await makePass(worldOf(sandbox));
  const rules = await iptablesRules();

  for (let round = 0; round < 2; round += 1) {
    sandbox.configure({ backend: 'ipset' });
    assert.equal((await makePass(worldOf(sandbox))).problems, []);
    assert.ok((await iptablesRules()).includes(IN_SET));
    sandbox.configure({ backend: 'rules' });
    assert.equal((await makePass(worldOf(sandbox))).problems, []);
  }

  assert.equal((await iptablesRules()).toSorted(), rules.toSorted());
  assert.is(await setMembers('fail2ban-sshd'), undefined);
});

test('of an earlier life are adopted with the time that is left', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  await ipset(
    'create fail2ban-sshd hash:net timeout 0',
    'add fail2ban-sshd 198.51.100.7 timeout 3600',
    'add fail2ban-sshd 198.51.100.0/24',
  );
  await iptables(['-N', 'fail2ban-sshd']);
  await iptables(['-A', ...IN_SET.slice(3).split(' ')]);
  await iptables(['-A', 'INPUT', '-p', 'tcp', '-m', 'multiport', '--dports', '22', '-j', 'fail2ban-sshd']);

  const pass = await makePass(worldOf(sandbox));

  assert.is(pass.claims, 2);
  const { bans } = JSON.parse((await sandbox.cli('list', '--json')).stdout) as {
    bans: { ip: string; ports: string; claims: { until: string }[] }[];
  };
  const host = bans.find(({ ip }) => ip === '198.51.100.7');
  assert.is(host?.ports, '22');
  const left = (Date.parse(host?.claims[0]?.until ?? '') - Date.now()) / 1000;
  assert.ok(left > 3500 && left <= 3600, String(left));
  assert.is(await countPlanned(worldOf(sandbox)), 0);
});

test('cannot be had without ipset: rules do it then, and a chain that is long says so', async () => {
  await using sandbox = await Sandbox.open();
  const fake = new FakeFirewall();
  const { variant, list, listRaw, restore, listOther, listUnnamed, isOwn } = fake;
  const sets = { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' } as const;
  const bare: Tools = { variant, list, listRaw, restore, listOther, listUnnamed, isOwn, sets };
  const openBare = { openFirewall: () => Promise.resolve(bare) };
  sandbox.drop('web1', snapshotText(hosts(1001)));

  const auto = await makePass(worldOf(sandbox, openBare));
  sandbox.configure({ backend: 'ipset' });
  const pinned = await makePass(worldOf(sandbox, openBare));

  assert.ok(fake.lines('ipv4').includes('-A fail2ban-sshd -s 198.51.0.1/32 -j DROP'));
  assert.match(
    auto.problems[0]?.message ?? '',
    /1,001 rules.*one set could replace them, but ipset is not installed/,
  );
  assert.match(pinned.problems[0]?.message ?? '', /ipset is not installed.*apt install ipset/);
});

for (const iptablesVariant of ['nft', 'legacy'] as const) {
  test(`hold no net around an allowed address before that is let out (${iptablesVariant})`, async () => {
    await using sandbox = await Sandbox.open({ config: { backend: 'ipset', iptables: iptablesVariant } });
    sandbox.writePolicy('allow:\n  - { net: 198.51.100.7 }\n  - { net: 203.0.113.9 }\n');
    const table = { variant: iptablesVariant };
    const isLetOut = async (): Promise<boolean> =>
      (await iptablesRules(table)).includes('-A fail2ban-sshd -s 198.51.100.7/32 -j RETURN');
    const real = await openFirewall(run, iptablesVariant);
    const { sets } = real;
    if (sets.kind === 'unusable') throw new Error(sets.reason);
    const letOut: boolean[] = [];
    let fails = true;
    const firewall: Tools = {
      ...real,
      restore: (family, text) => (fails ? Promise.reject(new Error('refused')) : real.restore(family, text)),
      sets: {
        ...sets,
        restore: async (text) => {
          letOut.push(await isLetOut());
          await sets.restore(text);
        },
      },
    };
    for (const ip of ['203.0.113.0/24', '192.0.2.1']) sandbox.drop('web1', banText(ip));
    await makePass(worldOf(sandbox));
    const world = worldOf(sandbox, { openFirewall: () => Promise.resolve(firewall) });
    const memory = freshMemory(world);
    await makePass(world, memory);

    sandbox.drop('web1', banText('198.51.100.0/24'));
    const refused = await makePass(world, memory, 'quick');
    const before = await setMembers('fail2ban-sshd');
    fails = false;
    const taken = await makePass(world, memory);

    assert.equal(
      refused.problems.map(({ message }) => message),
      ['ipv4: refused'],
    );
    assert.equal(before, ['192.0.2.1', '203.0.113.0/24']);
    assert.equal(taken.problems, []);
    assert.equal(letOut, [true]);
    assert.equal(
      (await iptablesRules(table)).filter((rule) => rule.startsWith('-A fail2ban')),
      [
        '-A fail2ban-sshd -s 198.51.100.7/32 -j RETURN',
        '-A fail2ban-sshd -s 203.0.113.9/32 -j RETURN',
        IN_SET,
        '-A fail2ban-sshd -j RETURN',
      ],
    );
    assert.equal(await setMembers('fail2ban-sshd'), ['192.0.2.1', '198.51.100.0/24', '203.0.113.0/24']);
    assert.is(await countPlanned(worldOf(sandbox)), 0);
  });
}

async function timeoutsOf(set: string): Promise<ReadonlyMap<string, number>> {
  const lines = (await listSet(set))
    .split('\n')
    .filter((line) => line.includes(' timeout ') && !line.includes(':'));
  return new Map(
    lines.map((line) => {
      const [text = '', , left = ''] = line.split(' ');
      return [text, Number(left)];
    }),
  );
}

test('are used by the next full pass once ipset is installed, as the pass of another process uses them', async () => {
  await using sandbox = await Sandbox.open();
  const real = await worldOf(sandbox).openFirewall();
  const sets = { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' } as const;
  let isThere = false;
  const world = worldOf(sandbox, { openFirewall: () => Promise.resolve(isThere ? real : { ...real, sets }) });
  const memory = freshMemory(world);
  sandbox.drop('web1', snapshotText(hosts(1001)));
  await makePass(world, memory);
  isThere = true;

  const others = await makePass(worldOf(sandbox));
  const own = await makePass(world, memory);

  assert.ok(others.changes.some(({ changes }) => changes.some(({ kind }) => kind === 'make-set')));
  assert.equal(
    own.changes.flatMap(({ changes }) => changes),
    [],
  );
  assert.equal(own.problems, []);
});

test.run();
