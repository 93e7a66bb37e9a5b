import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../../../src/config/config.ts';
import { encodeContact } from '../../../../src/fleet/contact.ts';
import { FleetOfSandboxes } from '../../../support/fleet.ts';
import { banText } from '../../../support/intent-text.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('peers list');

test('has a line for each peer: when it was heard, what it claims, what counts, what is wrong', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2'], {
    policy: 'allow: [{ net: 192.0.2.0/24 }]\n',
  });
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  fleet.at('fw2').drop('web1', banText('203.0.113.9'));
  await fleet.exchange('fw1', 'fw2');

  const well = await fleet.at('fw1').cli('peers');
  writeFileSync(join(fleet.inbox('fw1', 'fw2'), 'peer.yaml.sig'), 'nothing\n');
  for (const name of ['peer.yaml', 'peer.yaml.sig'])
    FleetOfSandboxes.age(join(fleet.inbox('fw1', 'fw2'), name));
  const troubled = await fleet.at('fw1').cli('peers');

  assert.is(well.code, 0, well.stderr);
  assert.match(
    well.stdout,
    /^fw1 published .* \(sequence \d{13}\): 0 claims, 0 lifts\n\nPEER {2}LAST HEARD +LAG +CLAIMS {2}ENFORCED {2}REFUSED {2}LIFTS {2}TROUBLE\nfw2 {3}(?:now|.* ago) +-?\d+\.\d s +2 {7}2 {9}0 {8}0 {6}-\n$/,
  );
  assert.is(troubled.code, 1);
  assert.match(
    troubled.stdout,
    /2 {7}2 {9}0 {8}0 {6}peer\.yaml is not signed with the key that policy\.yaml has for it\n$/,
  );
});

test('counts what is beyond the limits of a peer, which is a condition', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2'], { limits: 'claims: 1' });
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  fleet.at('fw2').drop('web1', banText('203.0.113.9'));
  await fleet.exchange('fw1', 'fw2');

  const ran = await fleet.at('fw1').cli('peers');

  assert.is(ran.code, 1);
  assert.match(ran.stdout, /1 {7}1 {9}1 {8}0 {6}refused: 1 claim beyond claims: 1\n$/);
});

test('tells what keeps this firewall from publishing', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  rmSync(join(fleet.at('fw1').folder, 'fleet_key'));
  fleet.at('fw1').drop('web1', banText('203.0.113.7'));
  await fleet.at('fw1').cli('reconcile');

  const ran = await fleet.at('fw1').cli('peers');

  assert.is(ran.code, 1);
  assert.match(
    ran.stdout,
    /^fw1 has published nothing yet\nFleetPublished is false \(WriteFailed\): .*fleet_key/,
  );
});

test('tells that the hub is not reached, which is a condition', async () => {
  await using fleet = await FleetOfSandboxes.openOnGit(['fw1', 'fw2']);
  const fw1 = fleet.at('fw1');
  mkdirSync(join(fw1.folder, 'fleet/mover'));
  writeFileSync(
    join(fw1.folder, 'fleet/mover/contact.json'),
    encodeContact({ at: Date.now(), failure: 'Connection refused' }),
  );

  const ran = await fw1.cli('peers');

  assert.is(ran.code, 1);
  assert.match(
    ran.stdout,
    /^FleetReachable is false \(HubNotReached\): the hub is not reached: Connection refused; /m,
  );
});

test('says how peers are added where there is none, and which lines of the config a fleet begins with', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  await using sandbox = await Sandbox.open();
  fleet.at('fw1').writePolicy('{}\n');

  const alone = await fleet.at('fw1').cli('peers');
  const none = await sandbox.cli('peers');

  assert.is(alone.code, 0);
  assert.match(alone.stderr, 'banspool: no firewall is a peer yet\n');
  assert.equal([none.code, none.stdout], [0, '']);
  const [, lines = ''] = none.stderr.split('run systemctl reload banspool:\n');
  const read = readConfig(lines);
  assert.is(read.kind === 'config' ? read.config.fleet?.name : read.kind, 'fw1');
});

test.run();
