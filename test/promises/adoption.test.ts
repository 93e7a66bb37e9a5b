/** Moving over from the article's scripts. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { preview } from '../../src/pass/preview.ts';
import { iptables, iptablesRules, type Table } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the first start');

test('adopts the bans of the article’s scripts without touching a rule', async () => {
  await using sandbox = await Sandbox.open();
  await banAsTheArticle('fail2ban-ssh', '198.51.100.7');
  await banAsTheArticle('fail2ban-ssh', '198.51.100.8');
  const before = await iptablesRules();

  const pass = await makePass(worldOf(sandbox));

  assert.equal(pass.problems, []);
  assert.equal(await iptablesRules(), before);
  const listed = JSON.parse((await sandbox.cli('list', '--json')).stdout) as {
    bans: { ip: string; jail: string; ports: string; claims: { server: string }[] }[];
  };
  assert.equal(
    listed.bans.map(({ ip, jail, ports, claims }) => [ip, jail, ports, claims[0]?.server]),
    [
      ['198.51.100.7', 'ssh', '22', 'adopted'],
      ['198.51.100.8', 'ssh', '22', 'adopted'],
    ],
  );
});

test('tells the log how many it adopted, and for how long', async () => {
  await using sandbox = await Sandbox.open();
  for (let host = 1; host <= 30; host += 1)
    await iptables(
      host === 1 ? ['-N', 'fail2ban-ssh'] : ['-A', 'fail2ban-ssh', '-s', `198.51.100.${host}`, '-j', 'DROP'],
    );

  const first = await sandbox.cli('reconcile');
  const second = await sandbox.cli('reconcile');

  assert.match(
    first.stderr,
    'banspool: adopted 29 bans found on the firewall, each for 7 days or until a server unbans it\n',
  );
  assert.not.match(second.stderr, 'adopted');
});

test('adopts again after a crash that came before the state was begun', async () => {
  await using sandbox = await Sandbox.open();
  await banAsTheArticle('fail2ban-ssh', '198.51.100.7');
  const before = await iptablesRules();
  const crash = new Error('power cut');
  const world = worldOf(sandbox);
  const failing = worldOf(sandbox, { files: { ...world.files, write: () => Promise.reject(crash) } });

  const failed = await makePass(failing);
  const second = await makePass(world);

  assert.equal(
    failed.problems.map(({ condition }) => condition),
    ['StateSaved'],
  );
  assert.equal(second.problems, []);
  assert.equal(await iptablesRules(), before);
  assert.is(second.bans, 1);
});

test('is only the first: a stray chain that comes later is no ban', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  await banAsTheArticle('fail2ban-ssh', '198.51.100.7');

  const pass = await makePass(worldOf(sandbox));

  assert.is(pass.bans, 0);
  assert.equal(await iptablesRules(), ['-P INPUT ACCEPT', '-P FORWARD ACCEPT', '-P OUTPUT ACCEPT']);
});

test('leaves adopted bans to the first server that unbans them', async () => {
  await using sandbox = await Sandbox.open();
  await banAsTheArticle('fail2ban-ssh', '198.51.100.7');
  await banAsTheArticle('fail2ban-ssh', '198.51.100.8');
  await makePass(worldOf(sandbox));
  // web2's fail2ban was moved over, and claims the second one itself by now.
  sandbox.drop('web2', banText('198.51.100.8', { jail: 'ssh' }));

  sandbox.drop('web1', unbanText('198.51.100.7', { jail: 'ssh' }));
  sandbox.drop('web1', unbanText('198.51.100.8', { jail: 'ssh' }));
  await makePass(worldOf(sandbox));

  const drops = (await iptablesRules()).filter((rule) => rule.includes('-j DROP'));
  assert.equal(drops, ['-A fail2ban-ssh -s 198.51.100.8/32 -j DROP']);
});

/** What banip.sh of 2015 runs on the firewall. */
async function banAsTheArticle(chain: string, ip: string, table: Table = {}): Promise<void> {
  const rules = await iptablesRules(table);
  if (!rules.includes(`-N ${chain}`)) {
    await iptables(['-N', chain], table);
    await iptables(['-A', chain, '-j', 'RETURN'], table);
    const jump = ['-p', 'tcp', '-m', 'multiport', '--dports', 'ssh', '-j', chain];
    await iptables(['-I', 'FORWARD', ...jump], table);
    await iptables(['-I', 'INPUT', ...jump], table);
  }
  await iptables(['-I', chain, '1', '-s', ip, '-j', 'DROP'], table);
}

/** What scripts that grew do beside a plain drop. */
const GROWN: readonly (readonly string[])[] = [
  ['-s', '198.51.100.1', '-j', 'LOGDROP'],
  ['-s', '198.51.100.2', '-g', 'LOGDROP'],
  ['-s', '198.51.100.3', '-m', 'comment', '--comment', 'web1: 5 failures', '-j', 'DROP'],
  ['-s', '198.51.100.4', '-p', 'tcp', '--dport', '22', '-j', 'DROP'],
  ['-s', '198.51.100.5', '-i', 'eth0', '-j', 'DROP'],
  ['-s', '198.51.100.6', '-p', 'tcp', '-j', 'REJECT', '--reject-with', 'tcp-reset'],
  ['-m', 'iprange', '--src-range', '198.51.100.8-198.51.100.11', '-j', 'DROP'],
];

for (const variant of ['nft', 'legacy'] as const)
  test(`adopts what a script that grew drops, by iptables-${variant}`, async () => {
    await using sandbox = await Sandbox.open({ config: { iptables: variant } });
    await banAsTheArticle('fail2ban-ssh', '198.51.100.7', { variant });
    await iptables(['-N', 'LOGDROP'], { variant });
    await iptables(['-A', 'LOGDROP', '-m', 'limit', '--limit', '5/min', '-j', 'LOG'], { variant });
    await iptables(['-A', 'LOGDROP', '-j', 'DROP'], { variant });
    for (const rule of GROWN) await iptables(['-I', 'fail2ban-ssh', '1', ...rule], { variant });

    const pass = await makePass(worldOf(sandbox));
    const second = await makePass(worldOf(sandbox));

    assert.equal([pass.problems, second.problems], [[], []]);
    const rules = await iptablesRules({ variant });
    assert.equal(
      rules.flatMap((rule) => /^-A fail2ban-ssh -s (\S+) -j DROP$/.exec(rule)?.[1] ?? []).sort(),
      ['1/32', '2/32', '3/32', '4/32', '5/32', '6/32', '7/32', '8/30'].map((host) => `198.51.100.${host}`),
    );
    assert.equal(
      second.changes.flatMap(({ changes }) => changes),
      [],
    );
  });

test('names what it cannot adopt, and leaves the family as it is until a person took that out', async () => {
  await using sandbox = await Sandbox.open();
  await banAsTheArticle('fail2ban-ssh', '198.51.100.7');
  await outputOf(['ipset', 'create', 'blacklist', 'hash:ip']);
  const rule = ['-m', 'set', '--match-set', 'blacklist', 'src', '-j', 'DROP'];
  await iptables(['-I', 'fail2ban-ssh', '1', ...rule]);
  sandbox.drop('web1', banText('198.51.100.8', { jail: 'ssh' }));
  sandbox.drop('web1', banText('2001:db8::8', { jail: 'ssh' }));
  const before = await iptablesRules();

  const plan = await sandbox.cli('plan');
  const doctor = await sandbox.cli('doctor');
  const first = await makePass(worldOf(sandbox));
  const second = await makePass(worldOf(sandbox));
  const accepted = await sandbox.cli('accept');
  const third = await makePass(worldOf(sandbox));
  const meanwhile = await iptablesRules();
  const six = await iptablesRules({ family: 'ipv6' });
  await iptables(['-I', 'INPUT', ...rule]);
  await iptables(['-D', 'fail2ban-ssh', ...rule]);
  const after = await makePass(worldOf(sandbox));

  for (const { stdout, stderr } of [plan, doctor])
    assert.match(
      stdout + stderr,
      /fail2ban-ssh has a rule that is not a plain ban .*match-set blacklist src/,
    );
  assert.match(plan.stderr, 'iptables -D fail2ban-ssh -m set --match-set blacklist src -j DROP');
  assert.is(accepted.code, 0);
  for (const pass of [first, second, third])
    assert.match(
      pass.problems[0]?.message ?? '',
      'cannot be adopted: "-m set --match-set blacklist src -j DROP"',
    );
  assert.equal(meanwhile, before);
  assert.ok(six.includes('-A fail2ban-ssh -s 2001:db8::8/128 -j DROP'));
  assert.equal(after.problems, []);
  const rules = await iptablesRules();
  assert.equal(
    rules.filter((line) => line.includes('-j DROP')),
    [
      '-A INPUT -m set --match-set blacklist src -j DROP',
      '-A fail2ban-ssh -s 198.51.100.8/32 -j DROP',
      '-A fail2ban-ssh -s 198.51.100.7/32 -j DROP',
    ],
  );
});

test('that somebody asks a running controller for is as at a start, also for what it can adopt only later', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  await makePass(world, memory);
  rmSync(sandbox.state, { recursive: true });
  await sandbox.cli('accept');
  await banAsTheArticle('fail2ban-ssh', '198.51.100.7');
  await outputOf(['ipset', 'create', 'blacklist', 'hash:ip']);
  const rule = ['-m', 'set', '--match-set', 'blacklist', 'src', '-j', 'DROP'];
  await iptables(['-I', 'fail2ban-ssh', '1', ...rule]);
  const before = await iptablesRules();

  const first = await makePass(world, memory);
  const second = await makePass(world, memory);
  const meanwhile = await iptablesRules();
  await iptables(['-D', 'fail2ban-ssh', ...rule]);
  const after = await makePass(world, memory);

  for (const pass of [first, second]) assert.match(pass.problems[0]?.message ?? '', 'cannot be adopted');
  assert.equal(meanwhile, before);
  assert.equal(after.problems, []);
  const rules = await iptablesRules();
  assert.equal(
    rules.filter((line) => line.includes('-j DROP')),
    ['-A fail2ban-ssh -s 198.51.100.7/32 -j DROP'],
  );
});

for (const variant of ['nft', 'legacy'] as const)
  test(`names all that it cannot adopt, with commands that take it out, by iptables-${variant}`, async () => {
    await using sandbox = await Sandbox.open({ config: { iptables: variant } });
    await banAsTheArticle('fail2ban-ssh', '198.51.100.7', { variant });
    for (const rule of [
      ['-m', 'recent', '--name', 'a', '--set'],
      ['-m', 'limit', '--limit', '5/min'],
      ['-d', '192.0.2.1'],
      ['-m', 'recent', '--name', 'b', '--set'],
      ['-m', 'time', '--timestart', '10:00', '--timestop', '11:00'],
      ['-m', 'string', '--string', '$(touch /nowhere/a)', '--algo', 'bm'],
    ])
      await iptables(['-I', 'fail2ban-ssh', '1', '-s', '198.51.100.9', ...rule, '-j', 'DROP'], { variant });

    const plan = await sandbox.cli('plan');
    const doctor = await sandbox.cli('doctor');
    const commands = / remove them: (iptables -D .*)$/m.exec(plan.stderr)?.[1] ?? '';
    const typed = commands.replaceAll('iptables ', `iptables-${variant} `);
    await outputOf(['sh', '-ec', typed.replaceAll('; ', '\n')]);
    const pass = await makePass(worldOf(sandbox));

    for (const text of [plan.stderr, doctor.stdout]) {
      assert.match(text, 'fail2ban-ssh has 6 rules that are not plain bans of an address');
      for (const part of ['--name a', '--limit 5/min', '-d 192.0.2.1/32', '--name b', '--timestart', 'touch'])
        assert.match(text, part);
    }
    assert.equal(pass.problems, []);
    assert.is(pass.bans, 1);
  });

test('is over once there are claims: where only git is gone, no rule of ours is adopted', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  rmSync(join(sandbox.state, '.git'), { recursive: true });

  const { claimChanges } = await preview(worldOf(sandbox));
  const pass = await makePass(worldOf(sandbox));

  assert.equal(claimChanges, []);
  assert.equal(
    pass.problems.map(({ reason }) => reason),
    ['HistoryLost'],
  );
  assert.equal([pass.claims, pass.bans], [1, 1]);
});

test.run();
