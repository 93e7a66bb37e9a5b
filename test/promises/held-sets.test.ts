/**
 * A set that is named as ours, is of another kind, and that somebody's rule looks into: it cannot go, and nothing
 * waits for that.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { eventually } from '../support/eventually.ts';
import { countGenerations } from '../support/count-generations.ts';
import { ipset, iptables, iptablesRules, setMembers } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { countPlanned, makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a set of our name in somebody else’s use');

const CASES = [
  { family: 'ipv4', set: 'fail2ban-sshd', spare: 'fail2ban-sshd:5', kind: 'hash:ip', ip: '203.0.113' },
  {
    family: 'ipv6',
    set: 'fail2ban-sshd:6',
    spare: 'fail2ban-sshd:7',
    kind: 'hash:ip family inet6',
    ip: '2001:db8:',
  },
] as const;

for (const iptablesVariant of ['nft', 'legacy'] as const) {
  for (const { family, set, spare, kind, ip } of CASES) {
    const hosts = (count: number): readonly string[] =>
      Array.from({ length: count }, (_, index) => `${ip}${family === 'ipv4' ? '.' : ':'}${index + 1}`);
    const table = { family, variant: iptablesVariant };
    const ownRules = async (): Promise<readonly string[]> =>
      (await iptablesRules(table)).filter((rule) => rule.startsWith('-A fail2ban'));
    const lookInto = (verb: '-A' | '-D'): Promise<void> =>
      iptables([verb, 'INPUT', '-m', 'set', '--match-set', set, 'src', '-j', 'ACCEPT'], table);

    test(`stays with them: the chain looks into another one, all else is enforced, until the name is free (${family}, ${iptablesVariant})`, async () => {
      await using sandbox = await Sandbox.open({ config: { iptables: iptablesVariant, backend: 'ipset' } });
      const world = worldOf(sandbox);
      const memory = freshMemory(world);
      await ipset(`create ${set} ${kind}`);
      await lookInto('-A');
      for (const host of hosts(2)) sandbox.drop('web1', banText(`"${host}"`));
      sandbox.drop('web1', banText(`"${hosts(3)[2] ?? ''}"`, { jail: 'other' }));

      const first = await makePass(world, memory);
      const again = await countGenerations(() => makePass(world, memory));
      sandbox.drop('web1', banText(`"${hosts(4)[3] ?? ''}"`));
      const quick = await makePass(world, memory, 'quick');
      const held = await setMembers(spare);
      const rules = await ownRules();
      const left = await countPlanned(world);
      await lookInto('-D');
      const freed = await makePass(world, memory);

      assert.equal(
        first.problems.map(({ condition, reason }) => [condition, reason]),
        [['SetsUsable', 'InUse']],
      );
      assert.match(first.problems[0]?.message ?? '', set);
      assert.is(again, 0);
      assert.equal(quick.sets.find(({ name }) => name === spare)?.capacity, 65_536);
      assert.equal(held, [...hosts(2), ...hosts(4).slice(3)]);
      assert.ok(rules.includes(`-A fail2ban-sshd -m set --match-set ${spare} src -j DROP`));
      assert.ok(rules.some((rule) => rule.startsWith('-A fail2ban-other -m set')));
      assert.is(left, 0);
      assert.equal(freed.problems, []);
      assert.ok((await ownRules()).includes(`-A fail2ban-sshd -m set --match-set ${set} src -j DROP`));
      assert.equal(await setMembers(set), [...hosts(2), ...hosts(4).slice(3)]);
      assert.is(await setMembers(spare), undefined);
    });
  }
}

test('is a warning with its mend to the log and doctor, in one sentence for several, and status exits 0', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const told = async (): Promise<readonly string[]> => {
    const { stderr } = await sandbox.cli('reconcile');
    const log = stderr.split('\n').filter((line) => line.includes('SetsUsable is false'));
    const doctor = (await diagnose(worldOf(sandbox))).filter(({ what }) =>
      what.includes('cannot remove the unused set'),
    );
    return [...log, ...doctor.map(({ level, what, mend }) => `${level}: ${what} | ${mend ?? ''}`)];
  };
  const lookInto = async (set: string): Promise<void> => {
    await ipset(`create ${set} hash:ip`);
    await iptables(['-A', 'INPUT', '-m', 'set', '--match-set', set, 'src', '-j', 'ACCEPT']);
  };
  sandbox.drop('web1', banText('203.0.113.7'));

  await lookInto('fail2ban-sshd');
  const one = await told();
  const { code } = await sandbox.cli('status');
  await lookInto('fail2ban-web');
  const several = await told();

  const mend =
    'point that rule or list to a set with another name, or remove it; the next full pass then removes the unused set';
  const first =
    'ipv4: cannot remove the unused set fail2ban-sshd, whose name is reserved for banspool: a rule or list of another program refers to it; bans are still enforced';
  assert.equal(one, [
    `banspool: warning: SetsUsable is false: ${first}; fix: ${mend}`,
    `warn: ${first} | ${mend}`,
  ]);
  assert.is(code, 0);
  assert.is(several.length, 2);
  for (const line of several)
    assert.match(
      line,
      /: cannot remove the unused sets fail2ban-\w+, fail2ban-\w+, whose names are reserved for banspool: .* refer to them; bans/,
    );
  await iptables(['-F', 'INPUT']);
});

test('and the other one too leaves a rule a ban', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  for (const set of ['fail2ban-sshd', 'fail2ban-sshd:5']) {
    await ipset(`create ${set} hash:ip`);
    await iptables(['-A', 'INPUT', '-m', 'set', '--match-set', set, 'src', '-j', 'ACCEPT']);
  }
  sandbox.drop('web1', banText('203.0.113.7'));

  const pass = await makePass(worldOf(sandbox));

  assert.equal(
    pass.problems.map(({ condition }) => condition),
    ['SetsUsable'],
  );
  assert.ok((await iptablesRules()).includes('-A fail2ban-sshd -s 203.0.113.7/32 -j DROP'));
  assert.is(await countPlanned(worldOf(sandbox)), 0);
});

test('in a list of sets, or that a rule of theirs looks into beside ours, takes no rule of ours away', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'rules' } });
  sandbox.drop('web1', banText('203.0.113.7'));
  await makePass(worldOf(sandbox));
  await ipset('create fail2ban-sshd hash:ip', 'create theirs list:set', 'add theirs fail2ban-sshd');
  sandbox.configure({ backend: 'ipset' });

  const pass = await makePass(worldOf(sandbox));

  assert.equal(
    pass.problems.map(({ reason }) => reason),
    ['InUse'],
  );
  assert.equal(await setMembers('fail2ban-sshd:5'), ['203.0.113.7']);
  await ipset('destroy theirs');
});

test('that only a rule of ours looks into makes way in one pass', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  sandbox.drop('web1', banText('203.0.113.7'));
  await makePass(worldOf(sandbox));
  // By hand: the same rule, and a set of another kind below it.
  await iptables(['-F', 'fail2ban-sshd']);
  await eventually(() => outputOf(['ipset', 'destroy', 'fail2ban-sshd']));
  await ipset('create fail2ban-sshd hash:ip');
  await iptables(['-A', 'fail2ban-sshd', '-m', 'set', '--match-set', 'fail2ban-sshd', 'src', '-j', 'DROP']);

  const pass = await makePass(worldOf(sandbox));

  assert.equal(pass.problems, []);
  assert.equal(await setMembers('fail2ban-sshd'), ['203.0.113.7']);
  assert.is(await countPlanned(worldOf(sandbox)), 0);
});

test('is adopted from where the rule of ours looks', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  await ipset('create fail2ban-sshd:5 hash:net timeout 0', 'add fail2ban-sshd:5 203.0.113.7 timeout 3600');
  await iptables(['-N', 'fail2ban-sshd']);
  await iptables(['-A', 'fail2ban-sshd', '-m', 'set', '--match-set', 'fail2ban-sshd:5', 'src', '-j', 'DROP']);
  await iptables(['-A', 'INPUT', '-j', 'fail2ban-sshd']);

  await makePass(worldOf(sandbox));

  assert.equal(await setMembers('fail2ban-sshd'), ['203.0.113.7']);
});

test('that changes hands while a ban ends and another comes costs neither', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  sandbox.drop('web1', banText('203.0.113.7'));
  await makePass(world, memory);
  sandbox.drop('web1', unbanText('203.0.113.7'));
  await makePass(world, memory);
  // What the last pass saw is no more so: the pass that is refused looks anew.
  await ipset('create fail2ban-sshd hash:ip');
  await iptables(['-A', 'INPUT', '-m', 'set', '--match-set', 'fail2ban-sshd', 'src', '-j', 'ACCEPT']);

  sandbox.drop('web1', banText('203.0.113.8', { time: Date.now() / 1000 + 1 }));
  const pass = await makePass(world, memory, 'quick');

  assert.equal(
    pass.problems.map(({ reason }) => reason),
    ['InUse'],
  );
  assert.equal(await setMembers('fail2ban-sshd:5'), ['203.0.113.8']);
});

test.run();
