import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { openFirewall, type Tools } from '../../src/system/firewall/iptables.ts';
import { run } from '../../src/system/processes/run.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite("the keeper of a family's table");

test('tries a family that fails again in full passes alone, and tells of it meanwhile', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  const real = await openFirewall(run, 'nft');
  let tries = 0;
  const list: Tools['list'] = (family) => {
    if (family !== 'ipv4') return real.list(family);
    tries += 1;
    return Promise.reject(new Error('broken'));
  };
  const world = worldOf(sandbox, { openFirewall: () => Promise.resolve({ ...real, list }) });
  const mine = freshMemory(world);

  const seen: unknown[] = [];
  for (const kind of ['full', 'quick', 'quick', 'full'] as const) {
    const before = tries;
    const { problems } = await makePass(world, mine, kind);
    seen.push([tries > before, problems.map(({ message }) => message).join()]);
  }

  assert.equal(
    seen,
    [true, false, false, true].map((isTried) => [isTried, 'ipv4: broken']),
  );
});

test('takes no edit of the policy for what another program changed', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const mine = freshMemory(world);
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(world, mine);
  sandbox.writePolicy('allow: [{ net: 198.51.100.0/24 }]\n');

  const pass = await makePass(world, mine);

  assert.equal(
    [pass.changes, pass.drift].map((each) => each.flatMap(({ changes }) => changes).length > 0),
    [true, false],
  );
  assert.equal(pass.repairs, []);
});

test('that it has tried in vain is not tried again by a quick pass either, which tells of it', async () => {
  await using sandbox = await Sandbox.open();
  const real = await openFirewall(run, 'nft');
  let tries = 0;
  const restore: Tools['restore'] = () => {
    tries += 1;
    return Promise.resolve();
  };
  const world = worldOf(sandbox, { openFirewall: () => Promise.resolve({ ...real, restore }) });
  const mine = freshMemory(world);
  sandbox.drop('web1', banText('198.51.100.7'));
  const full = await makePass(world, mine);
  const before = tries;

  const quick = await makePass(world, mine, 'quick');

  assert.match(full.problems.map(({ message }) => message).join(), 'ipv4: after all attempts');
  assert.equal(quick.problems, full.problems);
  assert.ok(before > 0);
  assert.is(tries, before);
});

test('takes nothing that is missing when it begins for what another program changed', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(world);
  await iptables(['-F', 'fail2ban-sshd']);

  const pass = await makePass(world, freshMemory(world));

  assert.equal(
    [pass.changes, pass.drift].map((each) => each.flatMap(({ changes }) => changes).length > 0),
    [true, false],
  );
});

test('takes nothing that the pass of another process did for what another program changed', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const mine = freshMemory(world);
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(world, mine);
  sandbox.drop('web1', banText('198.51.100.8'));
  await makePass(world, freshMemory(world));
  sandbox.drop('web1', banText('198.51.100.9'));

  const pass = await makePass(world, mine);

  assert.equal(
    [pass.changes, pass.drift].map((each) => each.flatMap(({ changes }) => changes).length > 0),
    [true, false],
  );
});

test('is left as it is while the bans that stood there cannot be adopted', async () => {
  await using sandbox = await Sandbox.open();
  const real = await openFirewall(run, 'nft');
  let isBroken = true;
  const list: Tools['list'] = (family) => {
    if (family !== 'ipv4' || !isBroken) return real.list(family);
    isBroken = false;
    return Promise.reject(new Error('broken'));
  };
  const world = worldOf(sandbox, { openFirewall: () => Promise.resolve({ ...real, list }) });
  const mine = freshMemory(world);
  sandbox.drop('web1', banText('198.51.100.7'));
  const isBanned = async (): Promise<boolean> =>
    (await iptablesRules()).some((rule) => rule.includes('198.51.100.7'));

  const first = await makePass(world, mine);
  const meanwhile = await isBanned();
  await makePass(world, mine);

  assert.equal(
    first.problems.map(({ message }) => message),
    ['ipv4: broken'],
  );
  assert.equal([meanwhile, await isBanned()], [false, true]);
});

test.run();
