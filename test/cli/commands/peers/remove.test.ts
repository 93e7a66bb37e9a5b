import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../../../src/pass/memory.ts';
import { FleetOfSandboxes } from '../../../support/fleet.ts';
import { banText } from '../../../support/intent-text.ts';
import { makePass, worldOf } from '../../../support/pass.ts';
import { runProgram } from '../../../support/run-program.ts';

const test = suite('peers remove');

test('takes back what the peer claimed and what its operator lifted, and says how much that is', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2'], { policy: 'deny: []   # none\n' });
  fleet.at('fw1').drop('web1', banText('203.0.113.7'));
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  await fleet.exchange('fw1', 'fw2');
  await fleet.at('fw2').cli('unban', '203.0.113.7');
  await fleet.exchange('fw2', 'fw1');
  const before = await fleet.bans('fw1');

  const ran = await fleet.at('fw1').cli('peers', 'remove', 'fw2');
  await fleet.at('fw1').cli('reconcile');

  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stderr, /^banspool: fw2 is removed from the peers; .*$/m);
  assert.equal(
    [before, await fleet.bans('fw1')],
    [['203.0.113.8 sshd by fw2/web1'], ['203.0.113.7 sshd by web1']],
  );
  assert.is(readFileSync(join(fleet.at('fw1').state, 'policy.yaml'), 'utf8'), 'deny: []   # none\npeers:\n');
});

test('says that nothing is held of a peer that never published', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);

  const ran = await fleet.at('fw1').cli('peers', 'remove', 'fw2');

  assert.equal(ran, {
    ...{ code: 0, stdout: '' },
    stderr: 'banspool: fw2 is removed from the peers; it has no claims and no lifts here\n',
  });
});

test('counts claims and lifts for a controller that runs', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  fleet.at('fw1').drop('web1', banText('203.0.113.7'));
  fleet.at('fw2').drop('web1', banText('203.0.113.8'));
  await fleet.exchange('fw1', 'fw2');
  await fleet.at('fw2').cli('unban', '203.0.113.7');
  await fleet.exchange('fw2', 'fw1');
  await fleet.at('fw1').startController();

  const ran = await fleet.at('fw1').cli('peers', 'remove', 'fw2');

  assert.is(
    ran.stderr,
    'banspool: fw2 is removed from the peers; the next pass removes its 1 claim and 1 lift\n',
  );
});

test('warns who is logged in from an address that a lift of the peer kept free, and removes it all the same', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  fleet.at('fw1').drop('web1', banText('203.0.113.7'));
  await fleet.exchange('fw1', 'fw2');
  await fleet.at('fw2').cli('unban', '203.0.113.7');
  await fleet.exchange('fw2', 'fw1');

  const ran = await runProgram(fleet.at('fw1').command('peers', 'remove', 'fw2'), {
    env: { SSH_CONNECTION: '203.0.113.7 50022 192.0.2.1 22' },
  });

  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stderr, 'warning: the end of its lifts drops 203.0.113.7, from which you are logged in\n');
  assert.not.match(readFileSync(join(fleet.at('fw1').state, 'policy.yaml'), 'utf8'), 'fw2');
});

test('ends the troubles of the last peer too, in a process that goes on', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  const world = worldOf(fleet.at('fw1'));
  const memory = freshMemory(world);
  const troubled = await makePass(world, memory);

  await fleet.at('fw1').cli('peers', 'remove', 'fw2');
  const { problems } = await makePass(world, memory);

  assert.equal(
    troubled.problems.map(({ reason }) => reason),
    ['NothingThere'],
  );
  assert.equal(problems, []);
});

test('of a firewall that is no peer changes nothing', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);

  const ran = await fleet.at('fw1').cli('peers', 'remove', 'fw3');

  assert.is(ran.code, 1);
  assert.match(ran.stderr, 'policy.yaml has no peer "fw3"\nbanspool: hint: banspool peers lists the peers\n');
});

test.run();
