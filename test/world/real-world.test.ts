import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the real world');

test('opens the firewall that the config names, and has what a new state begins with', async () => {
  for (const iptables of ['nft', 'legacy']) {
    await using sandbox = await Sandbox.open({ config: { iptables } });
    const world = worldOf(sandbox);

    assert.is((await world.openFirewall()).variant, iptables);
    assert.ok(existsSync(join(world.template, 'policy.yaml')), world.template);
  }
});

test('starts all programs by the one way that was handed in', async () => {
  await using sandbox = await Sandbox.open();
  const started: string[] = [];
  const world = worldOf(sandbox, {
    run: (file) => {
      started.push(file);
      return Promise.reject(new Error('it starts nothing'));
    },
  });

  const { list } = await world.openFirewall();
  await list('ipv4').catch(() => undefined);
  await world.findSessions();

  assert.equal(started, ['iptables-nft', 'who']);
});

test.run();
