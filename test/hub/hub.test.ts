import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hubIn, keeps, openHub, readAccount, requireKeeper } from '../../src/hub/hub.ts';
import { FakeHubGate, gateWithHub, HUB_FOLDER } from '../support/fake-hub-gate.ts';
import { failureOf } from '../support/failure-of.ts';

const test = suite('a hub in a folder');

test('is found by its config, with the account that works it', async () => {
  const { gate, hub } = await gateWithHub();

  assert.equal(await openHub(gate, HUB_FOLDER), hub);
  assert.is(readAccount(gate, HUB_FOLDER), 'banspool-hub');
  assert.is(hub.keysFile, '/var/lib/banspool-hub/.ssh/authorized_keys');
  assert.is(hubIn(HUB_FOLDER, hub.account).door, `${HUB_FOLDER}/door`);
});

test('is missed with what to do, as is its account', async () => {
  const { gate } = await gateWithHub();

  assert.match(await failureOf(openHub(gate, '/srv/none.git')), 'there is no hub in /srv/none.git');
  await gate.accounts.remove('banspool-hub');
  assert.match(
    await failureOf(openHub(gate, HUB_FOLDER)),
    'banspool-hub of the hub in /srv/fleet.git does not exist',
  );
});

test('is changed by who keeps its keys alone', async () => {
  const { gate, hub } = await gateWithHub();
  gate.caller = { uid: hub.account.uid, gid: hub.account.gid };

  assert.match(await failureOf(openHub(gate, HUB_FOLDER)), 'the keys of banspool-hub belong to root');
});

test('is not made by root in the home of somebody else', async () => {
  const gate = new FakeHubGate();
  const anna = await gate.accounts.add({ name: 'anna', home: '/home/anna', shell: '/bin/sh' });
  gate.give('/home/anna', { uid: anna.uid, gid: anna.gid, mode: 0o755 });

  const refuse = Promise.resolve().then(() => {
    requireKeeper(gate, anna);
  });

  assert.match(await failureOf(refuse), 'the keys of anna belong to anna');
  gate.caller = { uid: anna.uid, gid: anna.gid };
  requireKeeper(gate, anna);
  assert.equal(keeps(gate, 0o755), { uid: anna.uid, gid: anna.gid, mode: 0o755 });
});

test.run();
