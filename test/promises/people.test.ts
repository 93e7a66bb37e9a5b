/** The state is edited by people too, at any moment, and by editors that empty a file before they write it. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import type { Pass } from '../../src/pass/pass.ts';
import type { World } from '../../src/world/world.ts';
import { eventually } from '../support/eventually.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { isDropped, untilDropped } from '../support/until-dropped.ts';

const test = suite('an edit');

const BAN = '-A fail2ban-sshd -s 198.51.100.7/32 -j DROP';
const ALLOW = 'allow:\n  - { net: 198.51.100.7 }\n';

test('of the policy that has only emptied the file yet changes nothing', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  const policy = join(sandbox.state, 'policy.yaml');
  await makePass(world, memory);
  writeFileSync(policy, ALLOW);
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(world, memory);

  writeFileSync(policy, '');
  const pass = await makePass(world, memory);

  assert.equal(
    pass.problems.map(({ condition }) => condition),
    ['PolicyValid'],
  );
  assert.not.ok((await iptablesRules()).includes(BAN));
  assert.is(await sandbox.git('show', 'HEAD:policy.yaml'), ALLOW);
});

test('of a shard that has only emptied the file yet lifts no ban', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  const shard = join(sandbox.state, 'claims/ipv4/198.yaml');
  const text = readFileSync(shard, 'utf8');

  writeFileSync(shard, '');
  const whileEmpty = await makePass(worldOf(sandbox)).then(() => 'it went through', String);
  const rules = await iptablesRules();
  writeFileSync(shard, text);
  const after = await makePass(worldOf(sandbox));

  assert.match(whileEmpty, 'claims/ipv4/198.yaml line 1: the file is empty');
  assert.ok(rules.includes(BAN));
  assert.equal(after.problems, []);
});

test('of a claim that names no port opens none and closes none', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7', { ports: 'ssh' }));
  await makePass(worldOf(sandbox));
  const shard = join(sandbox.state, 'claims/ipv4/198.yaml');
  const before = await iptablesRules();

  writeFileSync(shard, readFileSync(shard, 'utf8').replace('"22"', '"ssh"'));
  const said = await makePass(worldOf(sandbox)).then(() => 'it went through', String);

  assert.match(said, 'claims/ipv4/198.yaml line 1: 0.ports: "ssh" is not a list of port numbers');
  assert.equal(await iptablesRules(), before);
});

interface Hand {
  readonly world: World;
  /** Has the hand edit once in what `pass` does, when the state has been read and nothing been saved. */
  readonly editIn: (pass: () => Promise<Pass>, edit: () => void) => Promise<Pass>;
}

/** One world for all passes: what a memory owns keeps that which it was made with. */
function withAHand(sandbox: Sandbox): Hand {
  let edit: (() => void) | undefined;
  const world = worldOf(sandbox, {
    ownAddresses: () => {
      edit?.();
      edit = undefined;
      return [];
    },
  });
  const editIn: Hand['editIn'] = async (pass, next) => {
    edit = next;
    const made = await pass();
    assert.is(edit, undefined, 'the hand was never asked');
    return made;
  };
  return { world, editIn };
}

test('of a shard while a pass runs is read before anything is saved, and committed as what it is', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  sandbox.drop('web1', banText('198.51.100.8'));
  const { world, editIn } = withAHand(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  const shard = join(sandbox.state, 'claims/ipv4/198.yaml');
  const [first = ''] = readFileSync(shard, 'utf8').split('\n');
  sandbox.drop('web1', banText('198.51.100.9'));

  // Between reading and saving, the one with .8 is taken out by hand.
  const during = await editIn(
    () => makePass(world, memory),
    () => {
      writeFileSync(shard, `${first}\n`);
    },
  );
  const waiting = sandbox.waiting().length;
  const next = await makePass(world, memory, 'quick');

  assert.equal([during.problems, during.more, during.claimChanges, waiting], [[], true, [], 1]);
  assert.equal([...during.left], [], 'nothing hinders what waits');
  assert.equal([next.problems, next.more], [[], false]);
  const drops = (await iptablesRules()).filter((rule) => rule.includes('-j DROP'));
  assert.equal(drops.toSorted(), [BAN, BAN.replace('.7/', '.9/')]);
  assert.equal(sandbox.waiting(), []);
  assert.match(
    await sandbox.git('log', '-2', '--format=%s'),
    /^ban 198\.51\.100\.9 in .*\nCommit manual edits\n$/,
  );
});

test('of a shard while a pass puts something back keeps that out of no history', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  const { world, editIn } = withAHand(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  await iptables(['-F', 'fail2ban-sshd']);
  const shard = join(sandbox.state, 'claims/ipv4/198.yaml');

  const during = await editIn(
    () => makePass(world, memory),
    () => {
      writeFileSync(shard, readFileSync(shard, 'utf8'));
    },
  );
  const next = await makePass(world, memory);

  assert.equal([during.more, during.repairs.length, next.more, next.repairs.length], [true, 1, false, 0]);
  const log = await sandbox.git('log', '-1', '--format=%B');
  assert.match(log, /^Repair changes by another program\n\ndrift: .*; restored\n/);
});

test('that nothing told of yet is read before the bans that come at the same moment are saved', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  sandbox.drop('web1', banText('192.0.2.8'));
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  rmSync(join(sandbox.state, 'claims/ipv4/192.yaml'));
  sandbox.drop('web1', banText('198.51.100.9'));

  const quick = await makePass(world, memory, 'quick');
  const drops = (await iptablesRules()).filter((rule) => rule.includes('-j DROP'));
  const next = await makePass(world, memory, 'quick').then(() => 'it went through', String);

  assert.is(quick.more, true);
  assert.is(drops.length, 3);
  assert.match(next, 'claims/ipv4/192.yaml is missing, but git has it');
  assert.equal((await sandbox.git('status', '--porcelain')).trim(), 'D claims/ipv4/192.yaml');
});

test('of the policy between reading and committing it is committed only when it was read', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  await makePass(world);
  const policy = join(sandbox.state, 'policy.yaml');
  writeFileSync(policy, ALLOW);
  const editing = worldOf(sandbox, {
    ownAddresses: () => {
      writeFileSync(policy, 'allow: everybody\n');
      return [];
    },
  });

  await makePass(editing);

  const committed = await sandbox.git('show', 'HEAD:policy.yaml');
  assert.not.match(committed, 'everybody');
});

for (const name of ['.policy.yaml.swp', 'policy.yaml~', '4913', '#policy.yaml#']) {
  test(`with an editor that leaves ${name} for a while is no part of the state`, async () => {
    await using sandbox = await Sandbox.open();
    await makePass(worldOf(sandbox));
    writeFileSync(join(sandbox.state, '.git/info/exclude'), 'mine\n');

    writeFileSync(join(sandbox.state, name), 'half a thought');
    sandbox.drop('web1', banText('198.51.100.7'));
    await makePass(worldOf(sandbox));
    const tracked = await sandbox.git('ls-files');
    rmSync(join(sandbox.state, name));
    const after = await makePass(worldOf(sandbox));

    assert.not.match(tracked, name);
    assert.equal(after.problems, []);
    assert.match(readFileSync(join(sandbox.state, '.git/info/exclude'), 'utf8'), /^mine\n/);
  });
}

test('that takes away a file that is not ours to miss stops no pass', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  writeFileSync(join(sandbox.state, 'notes.txt'), 'who is who');
  await sandbox.git('add', 'notes.txt');
  await sandbox.git('commit', '--quiet', '--message=Notes');
  rmSync(join(sandbox.state, 'notes.txt'));
  sandbox.drop('web1', banText('198.51.100.7'));

  const pass = await makePass(worldOf(sandbox));

  assert.equal([pass.problems, pass.bans], [[], 1]);
});

test('that puts a file where a folder of claims was ends no controller: it says so, and goes on once mended', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  const claims = join(sandbox.state, 'claims/ipv4');
  sandbox.drop('web1', banText('198.51.100.7'));
  await eventually(() => {
    assert.equal([sandbox.status().bans, sandbox.waiting()], [1, []]);
  });

  renameSync(claims, `${claims}.kept`);
  writeFileSync(claims, '');
  await eventually(() => {
    assert.match(controller.stderr, 'ENOTDIR');
  });
  rmSync(claims);
  renameSync(`${claims}.kept`, claims);
  sandbox.drop('web1', banText('198.51.100.8'));

  await untilDropped('198.51.100.8');
  assert.ok(await isDropped('198.51.100.7'));
});

test.run();
