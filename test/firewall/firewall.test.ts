import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import type { Family } from '../../src/domain/net.ts';
import { openFirewall, type Tools } from '../../src/system/firewall/iptables.ts';
import { run } from '../../src/system/processes/run.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the keeper of the firewall');

/** iptables, with families that cannot be read. */
async function brokenIn(broken: readonly Family[]): Promise<Tools> {
  const real = await openFirewall(run, 'nft');
  const list: Tools['list'] = (family) =>
    broken.includes(family) ? Promise.reject(new Error('broken')) : real.list(family);
  return { ...real, list };
}

for (const [what, broken, isBlocked] of [
  ['it can read both families', [], false],
  ['it cannot read ipv4', ['ipv4'], false],
  ['it cannot read ipv6', ['ipv6'], false],
  ['it can read neither family', ['ipv4', 'ipv6'], true],
] as const)
  test(`has new bans ${isBlocked ? 'wait for the next try' : 'enforced at once'} where ${what}`, async () => {
    await using sandbox = await Sandbox.open();
    await makePass(worldOf(sandbox));

    const pass = await makePass(worldOf(sandbox, { openFirewall: () => brokenIn(broken) }));

    assert.is(pass.problems.length, broken.length);
    assert.is(pass.isBlocked, isBlocked);
  });

test('trusts nothing that it saw before another process made a pass', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const mine = freshMemory(world);
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(world, mine);
  sandbox.drop('web1', banText('198.51.100.8'));
  await makePass(world);
  // That nobody tells of, as with iptables-legacy.
  await iptables(['-F', 'fail2ban-sshd']);

  await makePass(world, mine, 'quick');

  assert.is((await iptablesRules()).filter((rule) => rule.includes('-j DROP')).length, 2);
});

test('tries a family that fails again in full passes alone, and tells of it meanwhile', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  const broken = await brokenIn(['ipv4']);
  let tries = 0;
  const list: Tools['list'] = (family) => {
    if (family === 'ipv4') tries += 1;
    return broken.list(family);
  };
  const world = worldOf(sandbox, { openFirewall: () => Promise.resolve({ ...broken, list }) });
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

test.run();
