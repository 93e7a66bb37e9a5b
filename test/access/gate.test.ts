import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountFor, closeSessions, CONTROLLER, ensureAccount, KEY_ACCOUNT } from '../../src/access/gate.ts';
import { run } from '../../src/system/processes/run.ts';
import { FakeGate } from '../support/fake-gate.ts';

const test = suite('the gate');

test('has one account for all that send by rsync, and one for each that sends by scp', () => {
  assert.is(accountFor('web1', 'rsync'), KEY_ACCOUNT);
  assert.is(accountFor('web1', 'scp').name, 'banspool-web1');
  assert.is(accountFor('x'.repeat(60), 'rsync'), KEY_ACCOUNT);
  assert.throws(() => accountFor('x'.repeat(60), 'scp'), /is too long for an account/);
});

test('makes an account once, and says so', async () => {
  const gate = new FakeGate();
  const done: string[] = [];

  const made = await ensureAccount(gate, CONTROLLER, done);
  const again = await ensureAccount(gate, CONTROLLER, done);

  assert.equal(done, ['account banspool created, without a password']);
  assert.equal(again, made);
});

test('closes open connections of an account, of which there may be none, and tells what keeps it from that', async () => {
  const gate = Object.assign(new FakeGate(), { run });
  const done: string[] = [];

  await closeSessions(gate, 'daemon', done);
  const failure = closeSessions(gate, 'no-such-account', done);

  assert.match(String(await failure.catch((error: unknown) => error)), /pkill: .*no-such-account/);
  assert.equal(done, []);
});

test.run();
