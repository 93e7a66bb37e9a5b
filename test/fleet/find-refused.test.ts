import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { findRefused } from '../../src/fleet/find-refused.ts';
import { isAbout } from '../../src/ledger/git/history.ts';
import { preview } from '../../src/pass/preview.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText } from '../support/intent-text.ts';
import { worldOf } from '../support/pass.ts';

const test = suite('what a peer publishes beyond its limits');

/** What fw1 refuses of that address, in words. */
async function refusedOn(fleet: FleetOfSandboxes, ip: string): Promise<readonly string[]> {
  const world = worldOf(fleet.at('fw1'));
  const { inputs, state, peers } = await preview(world, { firewall: false });
  const about = { policy: inputs.policy, state, reports: peers.reports, now: world.now() };
  const found = await findRefused(world, about, (net) => isAbout(net, netOf(ip)));
  return found.map(({ peer, line, limit }) => `${peer} ${line.server} ${line.ip.text}: ${limit}`);
}

test('is found by address, with the limit that refuses it', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2'], { limits: 'claims: 1, lifts: 0' });
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  fleet.at('fw2').drop('web1', banText('203.0.113.9'));
  await fleet.at('fw2').cli('unban', '198.51.100.7');
  await fleet.exchange('fw1', 'fw2');

  assert.equal(await refusedOn(fleet, '203.0.113.8'), []);
  assert.equal(await refusedOn(fleet, '203.0.113.9'), ['fw2 web1 203.0.113.9: beyond claims: 1']);
  assert.equal(await refusedOn(fleet, '203.0.113.0/24'), ['fw2 web1 203.0.113.9: beyond claims: 1']);
  assert.equal(await refusedOn(fleet, '198.51.100.7'), ['fw2 local 198.51.100.7: beyond lifts: 0']);
});

test('is nothing where all of it is accepted, or cannot be read', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  await fleet.exchange('fw1', 'fw2');

  const accepted = await refusedOn(fleet, '203.0.113.8');
  rmSync(join(fleet.inbox('fw1', 'fw2'), 'peer.yaml'));

  assert.equal([accepted, await refusedOn(fleet, '203.0.113.8')], [[], []]);
});

test.run();
