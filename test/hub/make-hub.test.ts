import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeHub } from '../../src/hub/make-hub.ts';
import { failureOf } from '../support/failure-of.ts';
import { FakeHubGate, gateWithHub, HUB_FOLDER } from '../support/fake-hub-gate.ts';

const test = suite('making a hub');

const WANTED = { folder: HUB_FOLDER, replace: false };

test('gives root the rules, and the account what it pushes', async () => {
  const { gate, hub } = await gateWithHub();
  const { uid, gid } = hub.account;

  const look = (name: string): unknown => gate.owned.look(`${HUB_FOLDER}${name}`);
  assert.equal(look(''), { uid: 0, gid, mode: 0o1770 });
  for (const name of ['/config', '/HEAD']) assert.equal(look(name), { uid: 0, gid: 0, mode: 0o644 });
  for (const name of ['/door', '/hooks', '/hooks/update', '/hooks/post-receive'])
    assert.equal(look(name), { uid: 0, gid: 0, mode: 0o755 });
  for (const name of ['/objects', '/refs']) assert.equal(look(name), { uid, gid, mode: 0o700 });
  assert.equal(look('/bell'), { uid, gid, mode: 0o600 });
  assert.is(hub.account.shell, '/bin/sh');
});

test('done twice does it once, whatever the bell holds by then', async () => {
  const { gate } = await gateWithHub();
  const bell = gate.owned.look(`${HUB_FOLDER}/bell`);
  assert.ok(bell);
  gate.owned.write(`${HUB_FOLDER}/bell`, 'fw1\n', bell);

  const { done, left } = await makeHub(gate, WANTED);

  assert.equal([done, left], [[], []]);
  assert.is(gate.owned.read(`${HUB_FOLDER}/bell`), 'fw1\n');
});

test('brings back what is gone, and an owner that is wrong', async () => {
  const { gate } = await gateWithHub();
  gate.owned.remove(`${HUB_FOLDER}/hooks/update`);
  gate.give(`${HUB_FOLDER}/door`, { uid: 1, gid: 1, mode: 0o777 });
  gate.give(HUB_FOLDER, { uid: 1, gid: 1, mode: 0o777 });

  const { done } = await makeHub(gate, WANTED);

  assert.equal(done, [`${HUB_FOLDER}/hooks/update written`, `${HUB_FOLDER}/door written`]);
  assert.equal(gate.owned.look(`${HUB_FOLDER}/door`), { uid: 0, gid: 0, mode: 0o755 });
  assert.is(gate.owned.look(HUB_FOLDER)?.uid, 0);
});

test('leaves what a person changed, and says so, unless it is to be replaced', async () => {
  const { gate } = await gateWithHub();
  const path = `${HUB_FOLDER}/door`;
  const text = gate.owned.read(path);
  gate.owned.write(path, '#!/bin/sh\n# slower\n', { uid: 0, gid: 0, mode: 0o755 });

  const kept = await makeHub(gate, WANTED);
  const keptText = gate.owned.read(path);
  const replaced = await makeHub(gate, { ...WANTED, replace: true });

  assert.equal(kept.done, []);
  assert.equal(kept.left, [`${path} differs from what this version writes, and stays; --force replaces it`]);
  assert.is(keptText, '#!/bin/sh\n# slower\n');
  assert.equal(replaced.done, [`${path} written`]);
  assert.is(gate.owned.read(path), text);
});

test('refuses a folder that is another account’s hub, and a name that no account has', async () => {
  const { gate } = await gateWithHub();

  assert.match(
    await failureOf(makeHub(gate, { ...WANTED, account: 'git' })),
    '/srv/fleet.git is already the hub of the account banspool-hub',
  );
  for (const account of ['', '-x', 'a b', 'A', 'a'.repeat(33)])
    assert.match(
      await failureOf(makeHub(new FakeHubGate(), { ...WANTED, account })),
      'cannot be the name of an account',
    );
});

test('never has firewalls connect as root', async () => {
  const gate = new FakeHubGate();
  const root = { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh' };
  Object.assign(gate.accounts, { find: () => Promise.resolve(root) });

  assert.match(
    await failureOf(makeHub(gate, { ...WANTED, account: 'root' })),
    'root cannot be the account of a hub',
  );
  assert.is(gate.owned.look(HUB_FOLDER), undefined);
});

test('warns of a shell that reads files of its own at each poll', async () => {
  const gate = new FakeHubGate();
  await gate.accounts.add({ name: 'git', home: '/var/lib/git', shell: '/bin/bash' });

  const { left } = await makeHub(gate, { ...WANTED, account: 'git' });

  assert.equal(left, [
    'git has the shell /bin/bash, which takes more processor time; fix: usermod -s /bin/sh git',
  ]);
});

test('without root is for the own account alone', async () => {
  const gate = new FakeHubGate();
  const anna = await gate.accounts.add({ name: 'anna', home: '/home/anna', shell: '/bin/sh' });
  gate.caller = { uid: anna.uid, gid: anna.gid };
  gate.callerName = 'anna';

  const refused = await failureOf(makeHub(gate, { ...WANTED, account: 'git' }));
  const { hub } = await makeHub(gate, WANTED);

  assert.match(refused, 'only root may make a hub for another account');
  assert.equal(hub.account, anna);
  assert.equal(gate.owned.look(HUB_FOLDER), { ...gate.caller, mode: 0o700 });
});

test.run();
