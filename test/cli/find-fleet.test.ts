import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findFleet } from '../../src/cli/find-fleet.ts';
import { preview } from '../../src/pass/preview.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText } from '../support/intent-text.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('what is found of a fleet');

async function found(sandbox: Sandbox) {
  const world = worldOf(sandbox);
  return findFleet(world, await preview(world, { firewall: false }));
}

test('is nothing where the config has none, whatever the policy says of peers', async () => {
  await using sandbox = await Sandbox.open();

  assert.equal(await found(sandbox), { name: null, published: null, peers: [], conditions: [] });
});

test('is what both sides published, and a peer that never did', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2', 'fw3']);
  fleet.at('fw1').drop('web1', banText('203.0.113.7'));
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  await fleet.exchange('fw1', 'fw2');

  const { name, published, peers, conditions } = await found(fleet.at('fw1'));

  assert.equal([name, published?.claims, published?.ended, published?.lifts], ['fw1', 1, 0, 0]);
  assert.equal(
    peers.map((peer) => [peer.name, peer.heard !== null, peer.claims, peer.enforced, peer.trouble]),
    [
      ['fw2', true, 1, 1, null],
      ['fw3', false, 0, 0, 'published nothing yet, or its files do not arrive'],
    ],
  );
  assert.equal(
    conditions.map(({ type, status, reason }) => [type, status, reason]),
    [['PeersHeard', 'False', 'NothingThere']],
  );
});

test('has what only passes find as they wrote it down, and what a look finds as it is now', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  await fleet.exchange('fw1', 'fw2');
  rmSync(join(fleet.at('fw1').folder, 'fleet_key'));
  fleet.at('fw1').drop('web1', banText('203.0.113.7'));
  writeFileSync(join(fleet.inbox('fw1', 'fw2'), 'peer.yaml.sig'), 'nothing\n');
  await fleet.at('fw1').cli('reconcile');
  await fleet.carry('fw2', 'fw1');

  const { conditions } = await found(fleet.at('fw1'));

  assert.equal(
    conditions.map(({ type, reason }) => [type, reason]),
    [['FleetPublished', 'WriteFailed']],
  );
});

test.run();
