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

test.run();
