import { existsSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allClaims } from '../../src/claims/state.ts';
import { netOf } from '../../src/domain/net.ts';
import { preview, previewSaved, suppose } from '../../src/pass/preview.ts';
import { readPolicy } from '../../src/policy/policy.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const previews = suite('a preview of a pass');

const ipsOf = (claims: readonly { readonly ip: { readonly text: string } }[]): readonly string[] =>
  claims.map(({ ip }) => ip.text).sort();

previews('finds what the pass would, and changes nothing', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  const before = await iptablesRules();

  const { claimChanges, judgement, families } = await preview(worldOf(sandbox));

  assert.equal([ipsOf(claimChanges), ipsOf(judgement.enforced)], [['198.51.100.7'], ['198.51.100.7']]);
  assert.equal(
    families.map((each) => each.kind === 'read' && each.plan.changes.length > 0),
    [true, false],
  );
  assert.equal(await iptablesRules(), before);
  assert.equal([sandbox.waiting().length, existsSync(sandbox.state)], [1, false]);
});

previews(
  'leaves the firewall alone where it is not asked for, and what waits where only what is saved counts',
  async () => {
    await using sandbox = await Sandbox.open();
    sandbox.drop('web1', banText('198.51.100.7'));
    await makePass(worldOf(sandbox));
    sandbox.drop('web1', banText('198.51.100.8'));
    const world = worldOf(sandbox, { openFirewall: () => Promise.reject(new Error('asked')) });

    const without = await preview(world, { firewall: false });
    const saved = await previewSaved(world);

    assert.equal([without.families, without.claimChanges.length], [[], 1]);
    assert.equal(ipsOf(saved.enforced), ['198.51.100.7']);
  },
);

previews('misses no claim that a pass takes from the spool into the state while it looks', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  sandbox.drop('web1', banText('198.51.100.8'));
  const { files } = worldOf(sandbox);
  let passes = 0;
  // The policy is read after the claims and before the spool.
  const read: typeof files.read = async (path) => {
    if (path.endsWith('/policy.yaml') && passes === 0) {
      passes += 1;
      await makePass(worldOf(sandbox));
    }
    return files.read(path);
  };
  const world = worldOf(sandbox, { files: { ...files, read } });

  const { state } = await preview(world, { firewall: false });

  assert.equal(ipsOf(Array.from(allClaims(state))), ['198.51.100.7', '198.51.100.8']);
  assert.equal([passes, sandbox.waiting()], [1, []]);
});

previews('tells what would stand if an operator said so, or the policy did', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  const world = worldOf(sandbox);
  const found = await preview(world, { firewall: false });
  const time = world.now();
  const read = readPolicy('allow: [{ net: 198.51.100.0/24 }]\n');
  if (read.kind === 'mistakes') throw new Error('the policy is damaged');
  const ban = { intent: 'ban', jail: 'manual', ip: netOf('203.0.113.7'), time, until: Infinity } as const;

  const supposed = suppose(world, found, { intents: [ban], policy: read.policy });

  assert.equal(ipsOf(supposed.enforced), ['203.0.113.7']);
  assert.equal(ipsOf(supposed.ignored.map(({ claim }) => claim)), ['198.51.100.7']);
});

previews(
  'supposes another policy of the firewall too, and knows what the one in force comes to',
  async () => {
    await using sandbox = await Sandbox.open();
    sandbox.drop('web1', banText('198.51.100.7'));
    await makePass(worldOf(sandbox));
    const read = readPolicy('allow: [{ net: 198.51.100.0/24 }]\n');
    if (read.kind === 'mistakes') throw new Error('a mistake');
    const world = worldOf(sandbox);

    const found = await preview(world, { firewall: true, policy: read.policy });
    const asItIs = await preview(world);

    assert.equal([ipsOf(found.inForce.enforced), ipsOf(found.judgement.enforced)], [['198.51.100.7'], []]);
    assert.equal(
      [found, asItIs].map(({ families }) =>
        families.map((each) => each.kind === 'read' && each.plan.changes.length > 0),
      ),
      [
        [true, false],
        [false, false],
      ],
    );
    assert.is(asItIs.inForce, asItIs.judgement);
  },
);

previews.run();
